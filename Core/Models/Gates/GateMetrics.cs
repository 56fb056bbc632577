using System.Collections.Frozen;

namespace Platform.Core.Models.Gates;

/// <summary>What a validation may measure. A closed set, so that a mistyped name cannot become a gate that nothing ever passes.</summary>
public static class GateMetrics
{
    public const string Accuracy = "accuracy";
    public const string Precision = "precision";
    public const string Recall = "recall";
    public const string F1 = "f1";
    public const string Mae = "mae";
    public const string Rmse = "rmse";
    public const string LatencyMsP50 = "latency_p50_ms";
    public const string LatencyMsP95 = "latency_p95_ms";
    public const string LatencyMsP99 = "latency_p99_ms";
    public const string Throughput = "throughput";
    public const string SizeBytes = "size_bytes";

    private static readonly FrozenSet<string> HigherIsBetter = FrozenSet.Create(Accuracy, Precision, Recall, F1, Throughput);

    private static readonly FrozenSet<string> LowerIsBetter =
        FrozenSet.Create(Mae, Rmse, LatencyMsP50, LatencyMsP95, LatencyMsP99, SizeBytes);

    /// <summary>All names, for messages.</summary>
    public static readonly string Names = string.Join(", ", HigherIsBetter.Concat(LowerIsBetter).Order(StringComparer.Ordinal));

    public static bool IsKnown(string? metric) => metric is not null && (HigherIsBetter.Contains(metric) || LowerIsBetter.Contains(metric));

    public static bool IsBetterHigher(string metric) => HigherIsBetter.Contains(metric);
}
