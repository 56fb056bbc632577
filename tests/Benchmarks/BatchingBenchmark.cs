using System.Globalization;
using Platform.Core.Serving;
using Platform.Worker.Serving;

namespace Platform.Benchmarks;

/// <summary>
/// The same requests with batching as the profile chooses it and without. The two take turns, so that whatever else the
/// machine does falls on both; the medians of the rounds are compared.
/// </summary>
internal static class BatchingBenchmark
{
    private const int Rounds = 5;
    private static readonly string[] Versions = ["1.1.0", "2.0.0", "2.2.0-slow"];
    private static readonly int[] Connections = [1, 8, 32];
    private static readonly TimeSpan Warmup = TimeSpan.FromMilliseconds(300);
    private static readonly TimeSpan Duration = TimeSpan.FromMilliseconds(700);
    private static readonly BatchingConfig Off = new(MaxBatchSize: 1);

    public static async Task<int> RunAsync()
    {
        await using var worker = await WorkerUnderTest.StartAsync();
        Console.WriteLine("| model | connections | chosen | mean batch | on, req/s | off, req/s | on ÷ off | p50 on, ms | p50 off | p99 on | p99 off |");
        Console.WriteLine("|---|---|---|---|---|---|---|---|---|---|---|");
        foreach (var version in Versions)
        {
            using var served = await worker.LoadAsync(version, new DeploymentConfig());
            foreach (var connections in Connections)
            {
                var results = await CompareAsync(worker, served, version, connections);
                Print(version, connections, served.Profile.Choice, results);
            }

            Console.WriteLine("  curve, ms an item: " + string.Join(", ", served.Profile.Report(served).Curve.Select(point => Text($"{point.BatchSize}: {point.ItemMs:0.0000}"))));
        }

        return 0;
    }

    private static async Task<(LoadResult[] On, LoadResult[] Off)> CompareAsync(WorkerUnderTest worker, ServedVersion served, string version, int connections)
    {
        var (on, off) = (new LoadResult[Rounds], new LoadResult[Rounds]);
        await ClosedLoop.RunAsync(worker.Client, version, connections, Warmup);
        for (var round = 0; round < Rounds; round++)
        {
            // Whoever goes first in a round goes second in the next.
            foreach (var batching in round % 2 == 0 ? [true, false] : new[] { false, true })
            {
                served.Config = new DeploymentConfig(Batching: batching ? null : Off);
                (batching ? on : off)[round] = await ClosedLoop.RunAsync(worker.Client, version, connections, Duration);
            }
        }

        return (on, off);
    }

    private static void Print(string version, int connections, int choice, (LoadResult[] On, LoadResult[] Off) results)
    {
        var (on, off) = results;
        var ratio = Median(on.Zip(off, (a, b) => a.Throughput / b.Throughput));
        Console.WriteLine(Text(
            $"| {version} | {connections} | {choice} | {Median(on.Select(r => r.MeanBatch)):0.0} | {Median(on.Select(r => r.Throughput)):0} | {Median(off.Select(r => r.Throughput)):0} | {ratio:0.00} | {Median(on.Select(r => r.P50Ms)):0.00} | {Median(off.Select(r => r.P50Ms)):0.00} | {Median(on.Select(r => r.P99Ms)):0.00} | {Median(off.Select(r => r.P99Ms)):0.00} |"));
    }

    private static double Median(IEnumerable<double> values) => values.Order().ElementAt(Rounds / 2);

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
