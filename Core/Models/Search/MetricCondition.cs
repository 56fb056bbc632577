using System.Globalization;

namespace Platform.Core.Models.Search;

/// <summary>A range of a declared metric; a version that does not declare it is outside.</summary>
public sealed record MetricCondition(string Metric, ComparisonOperator Op, double Value)
{
    public const string Prefix = "metric.";

    public const string Rule = "Give metric.<name>, one of > >= < <= =, and a number: metric.accuracy>=0.97.";

    private static readonly ComparisonOperator[] LongestFirst =
    [
        ComparisonOperator.AtLeast, ComparisonOperator.AtMost, ComparisonOperator.Above, ComparisonOperator.Below, ComparisonOperator.Equal,
    ];

    /// <summary>Reads <c>metric.accuracy>=0.97</c>; null if the text is no such condition.</summary>
    public static MetricCondition? TryParse(string text)
    {
        var at = text.AsSpan().IndexOfAny('<', '>', '=');
        if (!text.StartsWith(Prefix, StringComparison.Ordinal) || at < 0 || !MetadataRules.IsMetric(text.AsSpan(Prefix.Length, Math.Max(0, at - Prefix.Length)))) return null;
        var rest = text.AsSpan(at);
        foreach (var op in LongestFirst)
        {
            if (!rest.StartsWith(op.Sign(), StringComparison.Ordinal)) continue;
            return double.TryParse(rest[op.Sign().Length..], NumberStyles.Float, CultureInfo.InvariantCulture, out var value)
                && double.IsFinite(value)
                ? new(text[Prefix.Length..at], op, value)
                : null;
        }

        return null;
    }

    public bool Holds(VersionSummary version) => version.Metrics.TryGetValue(Metric, out var value) && Op.Holds(value, Value);
}
