namespace Platform.Benchmarks.Transport;

/// <summary>One way of asking a worker: a request with that body, until its answer is there.</summary>
internal sealed record TransportPeer(string Name, Func<ReadOnlyMemory<byte>, Task> AskAsync);
