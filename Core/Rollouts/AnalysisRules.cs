using Platform.Core.Results;

namespace Platform.Core.Rollouts;

/// <summary>What an analysis may ask for.</summary>
public static class AnalysisRules
{
    public const int MaxGuardrails = 12;
    public const int MaxMinRequests = 10_000_000;
    public const int MaxFailureLimit = 1_000;
    private const double MaxRatio = 1_000;
    private const double MaxLatencyMs = 3_600_000;

    /// <param name="field">What the analysis is called in the request.</param>
    public static Refusal? Refuse(RolloutAnalysis? analysis, string field, RolloutStrategy strategy)
    {
        if (analysis is null) return null;
        if (analysis.MinRequests is < 1 or > MaxMinRequests) return Refusal.Invalid($"{field}.min_requests", $"Give 1 to {MaxMinRequests} requests.");
        if (analysis.FailureLimit is < 0 or > MaxFailureLimit) return Refusal.Invalid($"{field}.failure_limit", $"Give 0 to {MaxFailureLimit} ticks.");
        if (analysis.Alpha is not (> 0 and <= 0.5)) return Refusal.Invalid($"{field}.alpha", "Give a chance of a false rollback above 0 and up to 0.5.");
        var guardrails = analysis.Metrics ?? [];
        if (guardrails.Length > MaxGuardrails) return Refusal.Invalid($"{field}.metrics", $"Give at most {MaxGuardrails} guardrails.");
        return guardrails.Select((guardrail, index) => Refuse(guardrail, $"{field}.metrics[{index}]", strategy)).FirstOrDefault(refusal => refusal is not null);
    }

    private static Refusal? Refuse(Guardrail? guardrail, string field, RolloutStrategy strategy)
    {
        if (guardrail is null) return Refusal.Invalid(field, "Give a guardrail, or leave it out.");
        if (guardrail.Name is null || GuardrailCheck.KindOf(guardrail.Name) is not { } kind)
            return Refusal.Invalid($"{field}.name", $"Give {MetricNames.All}, or custom:<name> for a metric of your feedback whose values are 0 or 1.");
        if (kind is MetricKind.Disagreement && strategy is not RolloutStrategy.Shadow)
            return Refusal.Invalid($"{field}.name", "Only a shadow's answers can be compared one by one: agreement needs the strategy shadow.");
        if ((guardrail.Max ?? guardrail.Min ?? guardrail.MaxRatioToStable ?? guardrail.MaxDrop) is null)
            return Refusal.Invalid(field, "Give a bound: max, min, max_ratio_to_stable or max_drop.");
        return kind switch
        {
            MetricKind.WrongLabels or MetricKind.WrongOfPredicted or MetricKind.MissedOfClass or MetricKind.WrongOfInvolved => RefuseMoreIsBetter(guardrail, field),
            MetricKind.OutputShift when guardrail.MaxRatioToStable is not null =>
                Refusal.Invalid($"{field}.max_ratio_to_stable", "An output's drift is a difference from stable already: give max."),
            MetricKind.Disagreement when guardrail.MaxDrop is not null => Refusal.Invalid($"{field}.max_drop", "Stable always agrees with itself: give min."),
            MetricKind.Disagreement => RefuseMoreIsBetter(guardrail, field),
            MetricKind.Latency => RefuseLatency(guardrail, field),
            MetricKind.Outcome => RefuseOutcome(guardrail, field),
            _ => RefuseLessIsBetter(guardrail, field),
        };
    }

    private static Refusal? RefuseMoreIsBetter(Guardrail guardrail, string field)
    {
        if (guardrail.Max is not null) return Refusal.Invalid($"{field}.max", $"More {guardrail.Name} is better: give min or max_drop.");
        if (guardrail.MaxRatioToStable is not null) return Refusal.Invalid($"{field}.max_ratio_to_stable", $"More {guardrail.Name} is better: give min or max_drop.");
        if (guardrail.Min is { } min && min is not (> 0 and < 1)) return Refusal.Invalid($"{field}.min", "Give a share above 0 and below 1.");
        return guardrail.MaxDrop is { } drop && drop is not (>= 0 and < 1) ? Refusal.Invalid($"{field}.max_drop", "Give a share from 0 to below 1.") : null;
    }

    private static Refusal? RefuseOutcome(Guardrail guardrail, string field)
    {
        var isMoreBetter = guardrail.Min is not null || guardrail.MaxDrop is not null;
        if (isMoreBetter && (guardrail.Max is not null || guardrail.MaxRatioToStable is not null))
            return Refusal.Invalid(field, "Say which way is better: min and max_drop, or max and max_ratio_to_stable.");
        return isMoreBetter ? RefuseMoreIsBetter(guardrail, field) : RefuseLessIsBetter(guardrail, field);
    }

    private static Refusal? RefuseLatency(Guardrail guardrail, string field)
    {
        if (RefuseWrongWay(guardrail, field) is { } refusal) return refusal;
        if (guardrail.Max is { } max && max is not (> 0 and <= MaxLatencyMs)) return Refusal.Invalid($"{field}.max", $"Give milliseconds above 0 and up to {MaxLatencyMs}.");
        return RefuseRatio(guardrail, field);
    }

    private static Refusal? RefuseLessIsBetter(Guardrail guardrail, string field)
    {
        if (RefuseWrongWay(guardrail, field) is { } refusal) return refusal;
        if (guardrail.Max is { } max && max is not (> 0 and < 1)) return Refusal.Invalid($"{field}.max", "Give a share of the requests above 0 and below 1.");
        return RefuseRatio(guardrail, field);
    }

    private static Refusal? RefuseWrongWay(Guardrail guardrail, string field)
    {
        if (guardrail.Min is not null) return Refusal.Invalid($"{field}.min", $"Less {guardrail.Name} is better: give max or max_ratio_to_stable.");
        return guardrail.MaxDrop is not null ? Refusal.Invalid($"{field}.max_drop", $"Less {guardrail.Name} is better: give max or max_ratio_to_stable.") : null;
    }

    private static Refusal? RefuseRatio(Guardrail guardrail, string field) =>
        guardrail.MaxRatioToStable is { } ratio && ratio is not (>= 1 and <= MaxRatio)
            ? Refusal.Invalid($"{field}.max_ratio_to_stable", $"Give a ratio from 1 to {MaxRatio}.")
            : null;
}
