using System.Text.Json.Serialization;
using Platform.Core.Models;

namespace Platform.Core.Rollouts;

/// <summary>What a rollout must not make worse. At least one of the bounds is set; each is judged for itself.</summary>
/// <param name="Name">"error_rate", "latency_p95_ms", "accuracy", "nan_rate", "agreement" …</param>
/// <param name="Max">The canary's value must not be above this.</param>
/// <param name="Min">The canary's value must not be below this.</param>
/// <param name="MaxRatioToStable">The canary's value must not be above stable's times this.</param>
/// <param name="MaxDrop">The canary's value must not be below stable's less this.</param>
public sealed record Guardrail(string Name, double? Max = null, double? Min = null, double? MaxRatioToStable = null, double? MaxDrop = null);

/// <summary>Which of a guardrail's bounds.</summary>
public enum Bound
{
    Max,
    Min,
    MaxRatioToStable,
    MaxDrop,
}

/// <summary>What a metric counts, in brief: how often something bad happened to a request.</summary>
public enum MetricKind
{
    /// <summary>Requests that failed.</summary>
    Errors,

    /// <summary>Answers slower than a threshold.</summary>
    Latency,

    /// <summary>Labelled predictions that were wrong.</summary>
    WrongLabels,

    /// <summary>Answers with a value that is not a number.</summary>
    NotANumber,

    /// <summary>An outcome of 0 or 1 that callers report with feedback.</summary>
    Outcome,

    /// <summary>Mirrored answers that differ from the one that the caller got.</summary>
    Disagreement,
}

/// <summary>One bound of one guardrail: what is judged.</summary>
public sealed record GuardrailCheck(string Metric, Bound Bound, double Limit)
{
    /// <summary>The metric by its name; null if there is none of that name.</summary>
    public static MetricKind? KindOf(string name) => name switch
    {
        "error_rate" => MetricKind.Errors,
        "accuracy" => MetricKind.WrongLabels,
        "nan_rate" => MetricKind.NotANumber,
        "agreement" => MetricKind.Disagreement,
        _ when LevelOf(name) is not null => MetricKind.Latency,
        // Known to the platform, and no share of requests: a feedback metric of that name would be taken for it.
        "f1" or "precision" or "recall" or "mae" or "rmse" or "throughput" or "output_drift" => null,
        _ when name.StartsWith("latency", StringComparison.Ordinal) || !Names.IsValid(name) => null,
        _ => MetricKind.Outcome,
    };

    /// <summary>Whether a greater value is the better one, so that the bad requests are the others.</summary>
    [JsonIgnore]
    public bool IsMoreBetter => Kind is MetricKind.WrongLabels or MetricKind.Disagreement || Bound is Bound.Min or Bound.MaxDrop;

    /// <summary>Counted from labels and outcomes, which come late and in slots of their own.</summary>
    [JsonIgnore]
    public bool IsOfFeedback => Kind is MetricKind.WrongLabels or MetricKind.NotANumber or MetricKind.Outcome;

    [JsonIgnore]
    public MetricKind Kind => KindOf(Metric) ?? throw new InvalidOperationException($"{Metric} was let past validation.");

    /// <summary>Of latency_p95_ms 0.95, of latency_p999_ms 0.999; null if the name is no latency's.</summary>
    public static double? LevelOf(string name)
    {
        const string Prefix = "latency_p", Suffix = "_ms";
        if (!name.StartsWith(Prefix, StringComparison.Ordinal) || !name.EndsWith(Suffix, StringComparison.Ordinal)) return null;
        var digits = name.AsSpan(Prefix.Length, Math.Max(0, name.Length - Prefix.Length - Suffix.Length));
        if (digits.Length is < 2 or > 4 || digits.ContainsAnyExceptInRange('0', '9')) return null;
        var level = 0.0;
        for (var i = digits.Length - 1; i >= 0; i--) level = (level + (digits[i] - '0')) / 10;
        return level is >= 0.5 and < 1 ? Math.Round(level, 4) : null;
    }

    /// <summary>The share of bad requests that the canary may have; null where only stable says how much is too much.</summary>
    [JsonIgnore]
    public double? Ceiling => Kind switch
    {
        MetricKind.Latency => 1 - LevelOf(Metric)!.Value,
        _ when Bound is Bound.Max => Limit,
        _ when Bound is Bound.Min => 1 - Limit,
        _ => null,
    };

    /// <summary>The odds, as a multiple of stable's, that the canary may have.</summary>
    [JsonIgnore]
    public double Margin => Bound is Bound.MaxRatioToStable && Kind is not MetricKind.Latency ? Limit : 1;
}
