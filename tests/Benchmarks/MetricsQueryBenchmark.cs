using System.Diagnostics;
using System.Globalization;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using Platform.Core.Measuring;
using Platform.SharedState.Metrics;

namespace Platform.Benchmarks;

/// <summary>
/// Windows read back from a day of traffic: two versions on two routes, counted by an Api and a worker in each second of
/// each minute, packed as silos pack them.
/// </summary>
internal static class MetricsQueryBenchmark
{
    private const string Model = "digits";
    private const int Minutes = 25 * 60;
    private const int RequestsAMinute = 200;
    private const int Warmup = 20;
    private const int Queries = 100;
    private const double AllowedMs = 100;
    private static readonly (string Window, string Step)[] Windows = [("24h", "1h"), ("24h", "5m"), ("24h", "1m"), ("15m", "10s")];

    public static async Task<int> RunAsync()
    {
        await using var redis = await LocalRedis.StartAsync();
        var clock = new MovedClock(TimeProvider.System.GetUtcNow().AddMinutes(-Minutes));
        var options = Options.Create(new MetricOptions());
        var recorder = new MetricRecorder(options, clock);
        using var flusher = new MetricFlusher(redis.Connection, recorder, options, clock, NullLogger<MetricFlusher>.Instance);
        using var packer = new MetricPacker(redis.Connection, clock, NullLogger<MetricPacker>.Instance);
        var random = new Random(1);
        for (var minute = 0; minute < Minutes; minute++)
        {
            for (var i = 0; i < RequestsAMinute; i++) Count(recorder, random);
            clock.Now += TimeSpan.FromMinutes(1);
            await flusher.FlushAsync();
            if (minute % 60 == 0) await packer.PackAsync();
        }

        await packer.PackAsync();
        return await MeasureAsync(new MetricReader(redis.Connection), clock.Now);
    }

    private static async Task<int> MeasureAsync(MetricReader reader, DateTimeOffset now)
    {
        var worst = 0.0;
        // What a process does in its first moments is not what it does all day.
        foreach (var (window, step) in Windows) await TakeAsync(reader, MetricQuery.Parse(window, step, null, null, now).Value!, Warmup);
        foreach (var (window, step) in Windows)
        {
            var asked = MetricQuery.Parse(window, step, null, null, now).Value!;
            var (taken, reading) = await TakeAsync(reader, asked, Queries);
            taken.Sort();
            var p95 = taken[(int)(0.95 * Queries)];
            if (window == "24h") worst = Math.Max(worst, p95);
            Console.WriteLine(string.Create(
                CultureInfo.InvariantCulture,
                $"window {window} step {step}: {reading.Series.Length} series of {asked.Steps} points, p50 {taken[Queries / 2]:0.0} ms, p95 {p95:0.0} ms"));
        }

        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"24 h at worst p95 {worst:0.0} ms (at most {AllowedMs})"));
        return worst <= AllowedMs ? 0 : 1;
    }

    private static async Task<(List<double> Ms, MetricReading Reading)> TakeAsync(MetricReader reader, MetricWindow asked, int times)
    {
        var taken = new List<double>();
        var reading = new MetricReading(asked, []);
        for (var i = 0; i < times; i++)
        {
            var started = Stopwatch.GetTimestamp();
            reading = await reader.ReadAsync(Model, null, asked);
            foreach (var series in reading.Series)
                foreach (var counts in series.Steps) counts?.LatencyMs.Quantile(0.99);
            taken.Add(Stopwatch.GetElapsedTime(started).TotalMilliseconds);
        }

        return (taken, reading);
    }

    private static void Count(MetricRecorder recorder, Random random)
    {
        var (version, route) = random.Next(10) == 0 ? ("2.0.0", "canary") : ("1.0.0", "stable");
        var latency = Math.Exp(1 + 0.5 * (random.NextDouble() + random.NextDouble() + random.NextDouble() - 1.5) * 2);
        foreach (var source in (MetricSource[])[MetricSource.Api, MetricSource.Worker])
        {
            recorder.Count(new InferenceCount(new MetricKey(Model, version, source, route), random.Next(100) == 0 ? InferenceOutcome.Failed : InferenceOutcome.Ok)
            {
                LatencyMs = latency, QueueMs = latency / 8, ComputeMs = latency / 2, BatchSize = random.Next(1, 9), BytesIn = 3_000, BytesOut = 300,
            });
        }
    }

    private sealed class MovedClock(DateTimeOffset start) : TimeProvider
    {
        public DateTimeOffset Now { get; set; } = start;

        public override DateTimeOffset GetUtcNow() => Now;
    }
}
