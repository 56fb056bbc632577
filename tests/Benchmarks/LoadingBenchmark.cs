using System.Globalization;
using Platform.Core.Serving;

namespace Platform.Benchmarks;

/// <summary>
/// What callers of one version feel while others are loaded and dropped one after another. With and without take turns;
/// the medians of the rounds are compared.
/// </summary>
internal static class LoadingBenchmark
{
    private const int Rounds = 7;
    private const string Asked = "2.0.0";
    private static readonly string[] Loaded = ["1.1.0", "2.2.0-slow"];
    private static readonly (int Connections, TimeSpan Pause)[] Loads = [(4, TimeSpan.FromMilliseconds(20)), (8, TimeSpan.FromMilliseconds(5)), (8, TimeSpan.Zero)];
    private static readonly TimeSpan Duration = TimeSpan.FromSeconds(3);

    public static async Task<int> RunAsync()
    {
        await using var worker = await WorkerUnderTest.StartAsync();
        await worker.LoadAsync(Asked, new DeploymentConfig());
        Console.WriteLine("| loaded | connections | pause, ms | loads a second | p50 without, ms | with | p99 without, ms | with | with ÷ without |");
        Console.WriteLine("|---|---|---|---|---|---|---|---|---|");
        foreach (var loaded in Loaded)
        {
            foreach (var load in Loads) await CompareAsync(worker, loaded, load.Connections, load.Pause);
        }

        return 0;
    }

    private static async Task CompareAsync(WorkerUnderTest worker, string loaded, int connections, TimeSpan pause)
    {
        var (with, without, loads) = (new LoadResult[Rounds], new LoadResult[Rounds], new double[Rounds]);
        await ClosedLoop.RunAsync(worker.Client, Asked, connections, Duration, pause);
        for (var round = 0; round < Rounds; round++)
        {
            // Whoever goes first in a round goes second in the next.
            foreach (var isLoading in round % 2 == 0 ? [false, true] : new[] { true, false })
            {
                if (!isLoading)
                {
                    without[round] = await ClosedLoop.RunAsync(worker.Client, Asked, connections, Duration, pause);
                    continue;
                }

                using var stopping = new CancellationTokenSource();
                var loading = LoadOnAndOnAsync(worker, loaded, stopping.Token);
                with[round] = await ClosedLoop.RunAsync(worker.Client, Asked, connections, Duration, pause);
                await stopping.CancelAsync();
                loads[round] = await loading / Duration.TotalSeconds;
            }
        }

        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"| {loaded} | {connections} | {pause.TotalMilliseconds:0} | {Median(loads):0.0} | {Median(without.Select(r => r.P50Ms)):0.00} | {Median(with.Select(r => r.P50Ms)):0.00} | {Median(without.Select(r => r.P99Ms)):0.00} | {Median(with.Select(r => r.P99Ms)):0.00} | {Median(with.Zip(without, (a, b) => a.P99Ms / b.P99Ms)):0.00} |"));
    }

    private static async Task<int> LoadOnAndOnAsync(WorkerUnderTest worker, string version, CancellationToken stopping)
    {
        var count = 0;
        for (; !stopping.IsCancellationRequested; count++) (await worker.OpenAsync(version)).Dispose();
        return count;
    }

    private static double Median(IEnumerable<double> values) => values.Order().ElementAt(Rounds / 2);
}
