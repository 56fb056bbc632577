using System.Diagnostics;
using System.Globalization;
using Platform.Core.Drift;
using Platform.Core.Serving;
using Platform.Worker.Serving.Drift;

namespace Platform.Benchmarks;

/// <summary>
/// What looking for drift costs: as many requests as go through with it and without, turn about, and the time and memory
/// of looking itself at 1,000 requests a second of 50 features.
/// </summary>
internal static class DriftBenchmark
{
    private const int Rounds = 9;
    private const int RequestsASecond = 1_000;
    private const int Columns = 50;
    private static readonly TimeSpan Duration = TimeSpan.FromSeconds(1);

    public static async Task<int> RunAsync()
    {
        await using var worker = await WorkerUnderTest.StartAsync();
        using var served = await worker.LoadAsync("1.0.0", new DeploymentConfig());
        await ClosedLoop.RunAsync(worker.Client, "1.0.0", 8, Duration);
        var sketch = served.Drift;
        if (sketch.Sample() is { } rows)
            sketch.Adopt(DriftBaseline.Of("r", DriftReference.FromRequests, default, sketch.Features, rows).Reference);

        var (on, off) = (new List<double>(), new List<double>());
        for (var round = 0; round < Rounds; round++)
        {
            // Whoever goes first in a round goes second in the next.
            foreach (var isOn in round % 2 == 0 ? [true, false] : new[] { false, true })
            {
                sketch.Take(isOn ? long.MaxValue : 0);
                (isOn ? on : off).Add((await ClosedLoop.RunAsync(worker.Client, "1.0.0", 8, Duration)).Throughput);
            }
        }

        Print($"images, as fast as they come: {Median(on):0} req/s with, {Median(off):0} without; median ratio of the rounds {Median(on.Zip(off, (a, b) => a / b)):0.000}");
        PrintLooking();
        return 0;
    }

    /// <summary>Rows of 50 numbers, by the sketch alone: a share of one core.</summary>
    private static void PrintLooking()
    {
        var random = new Random(1);
        FeatureInfo[] features = [.. Enumerable.Range(0, Columns).Select(i => new FeatureInfo($"x[{i}]", FeatureKind.Number, false))];
        float[][] rows = [.. Enumerable.Range(0, DriftSketch.SampleItems).Select(_ => Enumerable.Range(0, Columns).Select(_ => random.NextSingle()).ToArray())];
        var bins = DriftBaseline.Of("r", DriftReference.FromRequests, default, features, rows).Reference.Features;
        var counts = bins.Select(feature => new long[feature.Count]).ToArray();
        var seconds = new List<double>();
        for (var round = 0; round < Rounds; round++)
        {
            var started = Stopwatch.GetTimestamp();
            for (var request = 0; request < RequestsASecond; request++)
            {
                var row = rows[request % rows.Length];
                for (var i = 0; i < Columns; i++) bins[i].Add(row.AsSpan(i, 1), counts[i]);
            }

            seconds.Add(Stopwatch.GetElapsedTime(started).TotalSeconds);
        }

        var bytes = Math.Max(bins.Max(feature => (feature.Edges.Length + (2 * feature.Count)) * sizeof(double)), DriftSketch.SampleItems * sizeof(float));
        Print($"{RequestsASecond} requests of {Columns} numbers: {Median(seconds) * 100:0.000} % of a core's second; {bytes} bytes a feature at most");
    }

    private static double Median(IEnumerable<double> values) => values.Order().ElementAt(Rounds / 2);

    private static void Print(FormattableString text) => Console.WriteLine(text.ToString(CultureInfo.InvariantCulture));
}
