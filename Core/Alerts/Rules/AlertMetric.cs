using Platform.Core.Measuring;

namespace Platform.Core.Alerts.Rules;

/// <summary>Where a metric is read.</summary>
public enum MetricOrigin
{
    /// <summary>What clients saw at the front door.</summary>
    Traffic,

    /// <summary>What workers did.</summary>
    Work,

    /// <summary>Labels and outcomes that were joined to predictions.</summary>
    Quality,

    /// <summary>Inputs and outputs against the version's reference.</summary>
    Drift,

    /// <summary>The leases of workers.</summary>
    Workers,

    /// <summary>What input checks found against requests and callers.</summary>
    Protection,
}

/// <summary>What a rule can watch.</summary>
/// <param name="IsCount">Whether nothing at all is a value, zero, and not the lack of one.</param>
/// <param name="IsShare">Whether it is the part of the events in which something was so.</param>
public sealed record AlertMetric(string Name, MetricOrigin Origin, bool IsCount = false, bool IsShare = false)
{
    private static readonly Dictionary<string, AlertMetric> Known = new AlertMetric[]
    {
        new("error_rate", MetricOrigin.Traffic, IsShare: true), new("latency_p50_ms", MetricOrigin.Traffic), new("latency_p90_ms", MetricOrigin.Traffic),
        new("latency_p95_ms", MetricOrigin.Traffic), new("latency_p99_ms", MetricOrigin.Traffic),
        new("throughput", MetricOrigin.Traffic, IsCount: true), new("requests", MetricOrigin.Traffic, IsCount: true),
        new("errors", MetricOrigin.Traffic, IsCount: true), new("cache_hit_rate", MetricOrigin.Traffic, IsShare: true),
        new("queue_time_p50_ms", MetricOrigin.Work), new("queue_time_p95_ms", MetricOrigin.Work), new("queue_time_p99_ms", MetricOrigin.Work),
        new("compute_p95_ms", MetricOrigin.Work), new("batch_size_mean", MetricOrigin.Work),
        new("accuracy", MetricOrigin.Quality, IsShare: true), new("precision", MetricOrigin.Quality), new("recall", MetricOrigin.Quality),
        new("f1", MetricOrigin.Quality), new("mae", MetricOrigin.Quality), new("rmse", MetricOrigin.Quality),
        new("coverage", MetricOrigin.Quality, IsShare: true), new("labelled", MetricOrigin.Quality, IsCount: true),
        new("drift_score", MetricOrigin.Drift), new("worker_count", MetricOrigin.Workers, IsCount: true),
        new("protection_findings", MetricOrigin.Protection, IsCount: true), new("extraction_alarms", MetricOrigin.Protection, IsCount: true),
    }.ToDictionary(metric => metric.Name, StringComparer.Ordinal);

    public static string Names { get; } = string.Join(", ", Known.Keys);

    public static AlertMetric? Find(string? name) => name is null ? null : Known.GetValueOrDefault(name);

    public static AlertReading Read(string name, MetricCounts counts, TimeSpan window) => name switch
    {
        "error_rate" => Share(counts.Errors, counts.Requests),
        "cache_hit_rate" => Share(counts.CacheHits, counts.Requests),
        "throughput" => new(counts.Requests / window.TotalSeconds, counts.Requests),
        "requests" => new(counts.Requests, counts.Requests),
        "errors" => new(counts.Errors, counts.Requests),
        "latency_p50_ms" => new(counts.LatencyMs.Quantile(0.5), counts.LatencyMs.Count),
        "latency_p90_ms" => new(counts.LatencyMs.Quantile(0.9), counts.LatencyMs.Count),
        "latency_p95_ms" => new(counts.LatencyMs.Quantile(0.95), counts.LatencyMs.Count),
        "latency_p99_ms" => new(counts.LatencyMs.Quantile(0.99), counts.LatencyMs.Count),
        "queue_time_p50_ms" => new(counts.QueueMs.Quantile(0.5), counts.QueueMs.Count),
        "queue_time_p95_ms" => new(counts.QueueMs.Quantile(0.95), counts.QueueMs.Count),
        "queue_time_p99_ms" => new(counts.QueueMs.Quantile(0.99), counts.QueueMs.Count),
        "compute_p95_ms" => new(counts.ComputeMs.Quantile(0.95), counts.ComputeMs.Count),
        "batch_size_mean" => new(counts.BatchSize.Mean(), counts.BatchSize.Count),
        _ => throw new ArgumentOutOfRangeException(nameof(name), name, "Not a metric of traffic or work."),
    };

    private static AlertReading Share(long part, long whole) => new(whole == 0 ? null : (double)part / whole, whole);
}

/// <param name="Value">Null while there is none.</param>
/// <param name="Samples">How many events it rests on.</param>
/// <param name="Share">Which part of the model's traffic is sent to what is watched; null where that is not known.</param>
public readonly record struct AlertReading(double? Value, long Samples, double? Share = null);
