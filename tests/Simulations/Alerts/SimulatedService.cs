using System.Collections.Immutable;
using Platform.Core.Alerts.Kinds;
using Platform.Core.Alerts.Rules;
using Platform.Core.Drift;
using Platform.Core.Sketches;

namespace Platform.Simulations.Alerts;

/// <summary>What goes wrong with a service from some moment on.</summary>
internal enum Fault
{
    None,
    NoTraffic,

    /// <summary>Every answer takes three times as long.</summary>
    Slow,

    /// <summary>Accuracy falls from 0.9 to 0.75.</summary>
    WorseAnswers,

    /// <summary>Every input moves by half a deviation.</summary>
    OtherInputs,
}

/// <summary>A service minute by minute: its requests, errors, latencies, labels and inputs, and what rules read of them.</summary>
internal sealed class SimulatedService
{
    public const double Accuracy = 0.9;
    private const double ErrorRate = 0.005;
    private const int ReferenceItems = 2_000;
    private const int Features = 5;
    private const int DriftEvery = 15;
    private const int DriftSlots = 4;
    private readonly TrafficShape shape;
    private readonly double requestsPerSecond;
    private readonly Random random;
    private readonly List<(long Bad, long Total, long Right)> sums = [default];
    private readonly Queue<DDSketch> latencies = new();
    private readonly Queue<DriftCounts> inputs = new();
    private readonly DriftTest test;
    private DriftCounts gathered;
    private DriftReport? report;
    private double load = 1;

    public SimulatedService(TrafficShape shape, double requestsPerSecond, Random random)
    {
        (this.shape, this.requestsPerSecond, this.random) = (shape, requestsPerSecond, random);
        var rows = Enumerable.Range(0, ReferenceItems).Select(_ => Row(0)).ToArray();
        var features = Enumerable.Range(0, Features).Select(i => new FeatureInfo($"x{i}", FeatureKind.Number, false)).ToArray();
        var baseline = DriftBaseline.Of("r", DriftReference.FromRequests, default, features, rows);
        (test, gathered) = (new DriftTest(baseline.Reference, baseline.Counts), Nothing(baseline.Reference));
    }

    /// <summary>The next minute passes, beginning at that time.</summary>
    public void Advance(DateTimeOffset at, Fault fault)
    {
        var total = fault is Fault.NoTraffic ? 0 : random.Poisson(requestsPerSecond * 60 * shape.At(at));
        var accuracy = fault is Fault.WorseAnswers ? Accuracy - 0.15 : Accuracy;
        var last = sums[^1];
        sums.Add((last.Bad + random.Binomial(total, ErrorRate), last.Total + total, last.Right + random.Binomial(total, accuracy)));
        Answer(at, total, fault is Fault.Slow ? 3 : 1);
        Look(total, fault is Fault.OtherInputs ? 0.5 : 0, (sums.Count - 1) % DriftEvery == 0);
    }

    public Judgement Judge(AlertRule rule, RuleMemory memory, DateTimeOffset now) => rule.Kind is AlertKind.BurnRate
        ? RuleJudge.JudgeBurn(rule, window => new(Sum(window).Bad, Sum(window).Total), memory)
        : RuleJudge.Judge(rule, Read(rule), memory, now);

    private AlertReading Read(AlertRule rule)
    {
        var (_, total, right) = Sum(rule.Window);
        switch (rule.Metric)
        {
            case "requests": return new(total, total, 1);
            case "accuracy": return new(total == 0 ? null : (double)right / total, total);
            case "drift_score": return QualityReading.Read(report);
            default:
                var merged = new DDSketch();
                foreach (var minute in latencies) merged.Merge(minute);
                return new(merged.Quantile(0.99), merged.Count);
        }
    }

    /// <summary>Slower by day, and by a load that comes and goes over some minutes.</summary>
    private void Answer(DateTimeOffset at, long total, double slower)
    {
        load = Math.Exp((0.9 * Math.Log(load)) + (0.05 * random.Normal()));
        var centre = 10 * slower * load * (1 + (0.4 * Math.Sin(2 * Math.PI * (at.TimeOfDay.TotalHours - 8) / 24)));
        var sketch = new DDSketch();
        for (var i = 0L; i < total; i++) sketch.Add(centre * Math.Exp(0.6 * random.Normal()));
        latencies.Enqueue(sketch);
        if (latencies.Count > 5) latencies.Dequeue();
    }

    private void Look(long total, double shift, bool isDue)
    {
        var counts = gathered.Bins.Select(bins => bins.ToArray()).ToArray();
        for (var i = 0L; i < total; i++)
        {
            for (var feature = 0; feature < Features; feature++) counts[feature][test.Reference.Features[feature].BinOf(random.Normal() + shift)]++;
        }

        gathered = new(gathered.Items + total, [.. counts.Select(bins => ImmutableArray.Create(bins))]);
        if (!isDue) return;
        inputs.Enqueue(gathered);
        if (inputs.Count > DriftSlots) inputs.Dequeue();
        gathered = Nothing(test.Reference);
        report = test.Run(inputs.Aggregate(gathered, (a, b) => new(
            a.Items + b.Items, [.. a.Bins.Zip(b.Bins, (x, y) => ImmutableArray.Create(x.Zip(y, (one, other) => one + other).ToArray()))])));
    }

    private (long Bad, long Total, long Right) Sum(TimeSpan window)
    {
        var (end, before) = (sums[^1], sums[Math.Max(0, sums.Count - 1 - (int)window.TotalMinutes)]);
        return (end.Bad - before.Bad, end.Total - before.Total, end.Right - before.Right);
    }

    private float[] Row(double shift) => [.. Enumerable.Range(0, Features).Select(_ => (float)(random.Normal() + shift))];

    private static DriftCounts Nothing(DriftReference reference) =>
        new(0, [.. reference.Features.Select(feature => ImmutableArray.Create(new long[feature.Count]))]);
}
