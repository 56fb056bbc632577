using Platform.Core.Serving;
using Platform.SharedState.Workers;

namespace Platform.Benchmarks;

/// <summary>What many small requests cost in garbage collections. Client and worker share the process, so both are counted.</summary>
internal static class CollectionsBenchmark
{
    private const int Requests = 100_000;
    private const int WarmUp = 5_000;
    private const int Connections = 8;
    private const string Version = "2.0.0";

    public static async Task<int> RunAsync()
    {
        await using var worker = await WorkerUnderTest.StartAsync();
        await worker.LoadAsync(Version, new DeploymentConfig());
        var path = new Uri(WorkerProtocol.InferPath("digits", Version), UriKind.Relative);
        await SendAsync(worker.Client, path, WarmUp);
        GC.Collect();
        var before = Counts();
        await SendAsync(worker.Client, path, Requests);
        var after = Counts();
        Console.WriteLine($"{Requests} requests over {Connections} connections ({(System.Runtime.GCSettings.IsServerGC ? "server" : "workstation")} GC)");
        for (var generation = 0; generation <= GC.MaxGeneration; generation++)
            Console.WriteLine($"  generation {generation}: {after[generation] - before[generation]} collections");
        return after[^1] == before[^1] ? 0 : 1;
    }

    private static int[] Counts() => [.. Enumerable.Range(0, GC.MaxGeneration + 1).Select(GC.CollectionCount)];

    private static Task SendAsync(HttpClient client, Uri path, int requests) => Task.WhenAll(Enumerable.Range(0, Connections).Select(_ => Task.Run(async () =>
    {
        for (var i = 0; i < requests / Connections; i++) await ClosedLoop.SendAsync(client, path);
    })));
}
