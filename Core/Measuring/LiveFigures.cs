using System.Collections.Immutable;
using Platform.Core.Models.Comparison;
using Platform.Core.Sketches;

namespace Platform.Core.Measuring;

/// <summary>What clients saw of versions, in the form in which versions are compared.</summary>
public static class LiveFigures
{
    private const double SlowQuantile = 0.95;

    /// <summary>
    /// The figures of each version; null of one without traffic. Latencies are tested as a rate: how many answers of each
    /// were slower than the first version's 95th percentile, which needs no assumption on how latencies are distributed.
    /// </summary>
    /// <param name="counts">By version; the first is what the others are compared with.</param>
    /// <param name="window">The time in which they were counted.</param>
    public static ImmutableArray<MeasuredFigures?> SideBySide(ImmutableArray<MetricCounts> counts, TimeSpan window)
    {
        var slow = counts[0].LatencyMs.Quantile(SlowQuantile);
        return [.. counts.Select(own => own.Requests == 0 ? null : new MeasuredFigures(Rates(own, slow), Figures(own, window)))];
    }

    private static ImmutableSortedDictionary<string, CountedRate> Rates(MetricCounts counts, double? slow)
    {
        var rates = ImmutableSortedDictionary<string, CountedRate>.Empty.Add("error_rate", new(counts.Errors, counts.Requests));
        return slow is { } threshold ? rates.Add("slower_than_first_p95", new(counts.SlowerThan(threshold), counts.LatencyMs.Count)) : rates;
    }

    private static ImmutableSortedDictionary<string, double> Figures(MetricCounts counts, TimeSpan window)
    {
        var figures = ImmutableSortedDictionary.CreateBuilder<string, double>();
        figures["requests"] = counts.Requests;
        figures["throughput"] = counts.Requests / window.TotalSeconds;
        Add(figures, "latency_p50_ms", counts.LatencyMs, 0.5);
        Add(figures, "latency_p95_ms", counts.LatencyMs, 0.95);
        Add(figures, "latency_p99_ms", counts.LatencyMs, 0.99);
        Add(figures, "queue_time_p95_ms", counts.QueueMs, 0.95);
        Add(figures, "compute_time_p95_ms", counts.ComputeMs, 0.95);
        return figures.ToImmutable();
    }

    private static void Add(ImmutableSortedDictionary<string, double>.Builder figures, string name, DDSketch sketch, double q)
    {
        if (sketch.Quantile(q) is { } value) figures[name] = value;
    }
}
