using System.Collections.Immutable;
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

    /// <summary>Labelled predictions of a class that are of another one, class by class.</summary>
    WrongOfPredicted,

    /// <summary>Items of a class, by their labels, that were not found, class by class.</summary>
    MissedOfClass,

    /// <summary>Of the items that have a class as label or as prediction, those that have it as one alone, class by class.</summary>
    WrongOfInvolved,

    /// <summary>Answers of a class, and those of all others, class by class: where a share is another than stable's.</summary>
    OutputShift,
}

/// <summary>One bound of one guardrail: what is judged. Of metrics that are judged class by class, one class of it is a part.</summary>
/// <param name="Part">Of which class; null for the whole, and for what has no parts.</param>
/// <param name="Rarer">Of an output's shift: the class must not become rarer, where else it must not become more frequent.</param>
/// <param name="Parts">How many parts there may be: each has an equal share of the bound's alpha.</param>
public sealed record GuardrailCheck(string Metric, Bound Bound, double Limit, string? Part = null, bool Rarer = false, int Parts = 1)
{
    public const string CustomPrefix = "custom:";

    /// <summary>What is measured without anybody's defining it; beside these a latency of any quantile.</summary>
    public static ImmutableArray<string> Known { get; } =
        ["error_rate", "latency_p95_ms", "accuracy", "precision", "recall", "f1", "nan_rate", "output_drift", "agreement", "conversion"];

    /// <summary>The metric by its name; null if there is none of that name.</summary>
    public static MetricKind? KindOf(string name) => name switch
    {
        "error_rate" => MetricKind.Errors,
        "accuracy" => MetricKind.WrongLabels,
        "nan_rate" => MetricKind.NotANumber,
        "agreement" => MetricKind.Disagreement,
        "precision" => MetricKind.WrongOfPredicted,
        "recall" => MetricKind.MissedOfClass,
        "f1" => MetricKind.WrongOfInvolved,
        "output_drift" => MetricKind.OutputShift,
        _ when LevelOf(name) is not null => MetricKind.Latency,
        // Known to the platform, and no share of requests: a feedback metric of that name would be taken for it.
        "mae" or "rmse" or "throughput" => null,
        _ when name.StartsWith(CustomPrefix, StringComparison.Ordinal) => Names.IsValid(name[CustomPrefix.Length..]) ? MetricKind.Outcome : null,
        _ when name.StartsWith("latency", StringComparison.Ordinal) || !Names.IsValid(name) => null,
        _ => MetricKind.Outcome,
    };

    /// <summary>Whether the name says itself that it is a metric of the caller's own, or is one that everybody knows.</summary>
    public static bool IsDeclared(string name) =>
        name.StartsWith(CustomPrefix, StringComparison.Ordinal) || Known.Contains(name) || KindOf(name) is not MetricKind.Outcome;

    /// <summary>The name under which an outcome comes with feedback.</summary>
    public static string OutcomeOf(string name) => name.StartsWith(CustomPrefix, StringComparison.Ordinal) ? name[CustomPrefix.Length..] : name;

    /// <summary>Whether a greater value is the better one, so that the bad requests are the others.</summary>
    [JsonIgnore]
    public bool IsMoreBetter => Kind is MetricKind.WrongLabels or MetricKind.Disagreement || Bound is Bound.Min or Bound.MaxDrop || Rarer;

    /// <summary>Counted from predictions, labels and outcomes, which come late and in slots of their own.</summary>
    [JsonIgnore]
    public bool IsOfFeedback => Kind is MetricKind.WrongLabels or MetricKind.NotANumber or MetricKind.Outcome || IsByClass;

    /// <summary>Judged class by class; the whole only counts how much there was to judge.</summary>
    [JsonIgnore]
    public bool IsByClass => IsOfKindByClass(Kind);

    public static bool IsOfKindByClass(MetricKind kind) =>
        kind is MetricKind.WrongOfPredicted or MetricKind.MissedOfClass or MetricKind.WrongOfInvolved or MetricKind.OutputShift;

    /// <summary>What the bound, or a part of it, has of a rollout's alpha.</summary>
    public double ShareOf(double alpha, int bounds) => alpha / bounds / (IsWhole ? 1 : Parts);

    [JsonIgnore]
    public bool IsWhole => Part is null;

    /// <summary>Bounded by a difference from stable's share and not by a ratio of odds.</summary>
    [JsonIgnore]
    public bool IsGap => Bound is Bound.MaxDrop || Kind is MetricKind.OutputShift;

    /// <summary>
    /// By how much the canary's share of bad items may be above stable's. F1 is 2j/(1+j) of the share j of hits among the
    /// items that have the class as label or prediction, so a drop of d from 1 is one of 2d/(1+d) of j, and of less from
    /// anywhere below.
    /// </summary>
    [JsonIgnore]
    public double Gap => Kind is MetricKind.WrongOfInvolved ? 2 * Limit / (1 + Limit) : Limit;

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
        MetricKind.OutputShift => null,
        MetricKind.WrongOfInvolved when Bound is Bound.Min => 1 - (Limit / (2 - Limit)),
        _ when Bound is Bound.Max => Limit,
        _ when Bound is Bound.Min => 1 - Limit,
        _ => null,
    };

    /// <summary>The metric as people know it, of a share of bad items.</summary>
    public double Value(double badShare)
    {
        if (!IsMoreBetter) return badShare;
        var hits = 1 - badShare;
        return Kind is MetricKind.WrongOfInvolved ? 2 * hits / (1 + hits) : hits;
    }

    /// <summary>The odds, as a multiple of stable's, that the canary may have.</summary>
    [JsonIgnore]
    public double Margin => Bound is Bound.MaxRatioToStable && Kind is not MetricKind.Latency ? Limit : 1;
}
