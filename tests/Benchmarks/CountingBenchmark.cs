using System.Globalization;
using Platform.Core.Serving;

namespace Platform.Benchmarks;

/// <summary>
/// The same requests to a worker that counts and flushes, and to one that does not. The two take turns, and the median of
/// the rounds' ratios is what counting costs. The smallest model, so that nothing hides it.
/// </summary>
internal static class CountingBenchmark
{
    private const string Version = "1.0.0";
    private const int Rounds = 15;
    private const int Connections = 8;
    private const double Allowed = 0.97;
    private static readonly TimeSpan Warmup = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan Duration = TimeSpan.FromSeconds(1.5);

    public static async Task<int> RunAsync()
    {
        await using var redis = await LocalRedis.StartAsync();
        await using var counting = await WorkerUnderTest.StartAsync(redis.Connection);
        await using var silent = await WorkerUnderTest.StartAsync();
        using var first = await counting.LoadAsync(Version, new DeploymentConfig());
        using var second = await silent.LoadAsync(Version, new DeploymentConfig());
        foreach (var worker in (WorkerUnderTest[])[counting, silent]) await ClosedLoop.RunAsync(worker.Client, Version, Connections, Warmup);

        var (on, off) = (new LoadResult[Rounds], new LoadResult[Rounds]);
        for (var round = 0; round < Rounds; round++)
        {
            // Whoever goes first in a round goes second in the next.
            foreach (var counts in round % 2 == 0 ? [true, false] : new[] { false, true })
                (counts ? on : off)[round] = await ClosedLoop.RunAsync((counts ? counting : silent).Client, Version, Connections, Duration);
        }

        var ratio = Median(on.Zip(off, (a, b) => a.Throughput / b.Throughput));
        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"counting on {Median(on.Select(r => r.Throughput)):0} req/s, off {Median(off.Select(r => r.Throughput)):0} req/s, on ÷ off {ratio:0.000} (at least {Allowed})"));
        return ratio >= Allowed ? 0 : 1;
    }

    private static double Median(IEnumerable<double> values) => values.Order().ElementAt(Rounds / 2);
}
