namespace Platform.Formats;

/// <summary>Writes scored rows in the order in which they are given.</summary>
public interface IRowWriter : IAsyncDisposable
{
    ValueTask WriteAsync(OutputRow row, CancellationToken ct);

    /// <summary>Brings everything to the stream, which stays open. What is written without this is no complete file.</summary>
    ValueTask CompleteAsync(CancellationToken ct);
}
