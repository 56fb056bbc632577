using System.Globalization;
using Platform.Core.Serving;

namespace Platform.Benchmarks;

/// <summary>
/// The same requests to a worker that counts and flushes, and to one that does not. The two take short
/// turns, whose sums are compared. The smallest model, so that nothing hides it.
/// </summary>
internal static class CountingBenchmark
{
    private const string Version = "1.0.0";
    private const int Rounds = 50;
    private const int Connections = 8;
    private const double Allowed = 0.97;
    private static readonly TimeSpan Warmup = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan Duration = TimeSpan.FromSeconds(0.4);

    public static async Task<int> RunAsync()
    {
        await using var redis = await LocalRedis.StartAsync();
        await using var counting = await WorkerUnderTest.StartAsync(redis.Connection);
        await using var silent = await WorkerUnderTest.StartAsync();
        using var first = await counting.LoadAsync(Version, new DeploymentConfig());
        using var second = await silent.LoadAsync(Version, new DeploymentConfig());
        foreach (var worker in (WorkerUnderTest[])[counting, silent]) await ClosedLoop.RunAsync(worker.Client, Version, Connections, Warmup);

        var (on, off) = (new Turns(), new Turns());
        for (var round = 0; round < Rounds; round++)
        {
            // Whoever goes first in a round goes second in the next.
            foreach (var counts in round % 2 == 0 ? [true, false] : new[] { false, true })
            {
                var cpu = Environment.CpuUsage.TotalTime;
                var result = await ClosedLoop.RunAsync((counts ? counting : silent).Client, Version, Connections, Duration);
                (counts ? on : off).Add(result.Throughput, (Environment.CpuUsage.TotalTime - cpu).TotalMicroseconds);
            }
        }

        var ratio = on.Throughput / off.Throughput;
        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"counting on {on.Throughput:0} req/s ({on.CpuMicroseconds:0.0} us of CPU a request, client included), off {off.Throughput:0} req/s ({off.CpuMicroseconds:0.0} us); on ÷ off {ratio:0.000} (at least {Allowed})"));
        return ratio >= Allowed ? 0 : 1;
    }

    /// <summary>All turns of one of the two, added up: a slow moment of the machine falls on both.</summary>
    private sealed class Turns
    {
        private double throughput;
        private double cpu;
        private int turns;

        public double Throughput => throughput / turns;

        public double CpuMicroseconds => cpu / (throughput * Duration.TotalSeconds);

        public void Add(double requestsASecond, double cpuMicroseconds)
        {
            throughput += requestsASecond;
            cpu += cpuMicroseconds;
            turns++;
        }
    }
}
