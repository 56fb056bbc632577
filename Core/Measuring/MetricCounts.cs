using Platform.Core.Sketches;

namespace Platform.Core.Measuring;

/// <summary>What was counted over some time; counts of several processes, routes or times add up to those of all of them.</summary>
public sealed class MetricCounts
{
    private readonly long[] outcomes = new long[InferenceOutcomes.Count];

    public long Requests => outcomes.Sum();

    /// <summary>Requests in which the service failed its client; see <see cref="InferenceOutcomes.IsError"/>.</summary>
    public long Errors =>
        Of(InferenceOutcome.Overloaded) + Of(InferenceOutcome.Unavailable) + Of(InferenceOutcome.Failed) + Of(InferenceOutcome.Timeout);

    public long CacheHits { get; set; }

    public long BytesIn { get; set; }

    public long BytesOut { get; set; }

    /// <summary>Of requests that were worked on; see <see cref="InferenceOutcomes.HasLatency"/>.</summary>
    public DDSketch LatencyMs { get; } = new();

    public DDSketch QueueMs { get; } = new();

    public DDSketch ComputeMs { get; } = new();

    /// <summary>From an Api: a value for each request that ran. From a worker: a value for each run.</summary>
    public DDSketch BatchSize { get; } = new();

    public long Of(InferenceOutcome outcome) => outcomes[(int)outcome];

    public void Add(InferenceOutcome outcome, long count) => outcomes[(int)outcome] += count;

    /// <summary>How many requests took surely longer; see <see cref="DDSketch.CountAbove"/>.</summary>
    public long SlowerThan(double latencyMs) => LatencyMs.CountAbove(latencyMs);

    public void Add(in InferenceCount count)
    {
        if (count.Outcome is { } outcome)
        {
            outcomes[(int)outcome]++;
            if (outcome.HasLatency()) LatencyMs.Add(count.LatencyMs);
        }

        if (count.QueueMs is { } queue) QueueMs.Add(queue);
        if (count.ComputeMs is { } compute) ComputeMs.Add(compute);
        if (count.BatchSize is { } batch) BatchSize.Add(batch);
        if (count.IsCacheHit) CacheHits++;
        BytesIn += count.BytesIn;
        BytesOut += count.BytesOut;
    }

    /// <summary>Its values are whole numbers, which the sketch gives back exactly up to 50.</summary>
    public double? BatchSizeMean() =>
        BatchSize.Count == 0 ? null : BatchSize.Bins().Sum(bin => bin.Count * Math.Round(bin.Value)) / BatchSize.Count;

    public void Merge(MetricCounts other)
    {
        for (var i = 0; i < outcomes.Length; i++) outcomes[i] += other.outcomes[i];
        CacheHits += other.CacheHits;
        BytesIn += other.BytesIn;
        BytesOut += other.BytesOut;
        LatencyMs.Merge(other.LatencyMs);
        QueueMs.Merge(other.QueueMs);
        ComputeMs.Merge(other.ComputeMs);
        BatchSize.Merge(other.BatchSize);
    }

    public static MetricCounts Sum(IEnumerable<MetricCounts?> parts)
    {
        var sum = new MetricCounts();
        foreach (var part in parts)
        {
            if (part is not null) sum.Merge(part);
        }

        return sum;
    }
}
