namespace Platform.Core.Models.Gates;

/// <summary>
/// What a version must reach in validation. Either an absolute bound, <c>{"metric":"accuracy","op":">=","value":0.95}</c>,
/// or one against production, <c>{"metric":"accuracy","max_drop":0.01}</c>.
/// </summary>
/// <param name="Metric">One of <see cref="GateMetrics"/>, its unit last in its name: latency_p95_ms, size_bytes.</param>
/// <param name="MaxDrop">
/// By how much it may be worse than production's, in the metric's own unit: lower, or higher where lower is better.
/// </param>
public sealed record Gate(string Metric, ComparisonOperator? Op = null, double? Value = null, double? MaxDrop = null);
