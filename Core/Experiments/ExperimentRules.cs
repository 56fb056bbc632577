using System.Collections.Immutable;
using Platform.Core.Models;
using Platform.Core.Results;

namespace Platform.Core.Experiments;

/// <summary>What an experiment may ask for.</summary>
public static class ExperimentRules
{
    public const int MaxArms = 10;
    public const int MaxGuardrails = 8;
    public static readonly TimeSpan DefaultMaxDuration = TimeSpan.FromDays(14);
    public static readonly TimeSpan LongestDuration = TimeSpan.FromDays(90);
    private const int BasisPoints = 10_000;

    /// <summary>The checked design; else the first fault with its field, such as <c>arms[1].weight</c>.</summary>
    public static Outcome<ExperimentDesign> Check(ExperimentSpec spec)
    {
        if (!Names.IsValid(spec.Name)) return Refusal.Invalid("name", Names.Rule);
        if (RefuseArms(spec.Arms) is { } arms) return arms;
        if (MetricRules.Refuse(spec.Metric, "metric") is { } metric) return metric;
        if (DesignRules.RefuseLevels(spec.Alpha, spec.Power) is { } levels) return levels;
        if (DesignRules.RefuseEffect(spec.Metric!.Kind!.Value, spec.MinimumEffect, spec.Baseline, spec.StandardDeviation, spec.Metric.Direction) is { } effect)
            return effect;
        if (RefuseDurations(spec) is { } durations) return durations;
        if (RefuseGuardrails(spec) is { } guardrails) return guardrails;
        var design = ToDesign(spec);
        return SampleTarget.Planned(design).Exact < SampleSize.MostUnits
            ? design
            : Refusal.Invalid("minimum_effect", "So small an effect takes more units than there are. Give a larger one.");
    }

    private static ExperimentDesign ToDesign(ExperimentSpec spec)
    {
        var arms = spec.Arms!.Value.Select(arm => new Arm(arm.Name!, arm.Version!, Weight(arm))).ToImmutableArray();
        var control = arms.FirstOrDefault(arm => arm.Name == "control") ?? arms[0];
        return new(
            spec.Name!, [control, .. arms.Where(arm => arm != control)], spec.Unit, MetricRules.Read(spec.Metric!), spec.MinimumEffect!.Value,
            spec.Alpha, spec.Power, spec.Baseline, spec.StandardDeviation, spec.MinDuration ?? TimeSpan.Zero,
            spec.MaxDuration ?? DefaultMaxDuration, spec.Sequential,
            [.. (spec.Guardrails ?? []).Select(guardrail => MetricRules.Read(MetricRules.ToMetric(guardrail)))]);
    }

    private static Refusal? RefuseArms(ImmutableArray<ArmSpec>? arms)
    {
        if (arms is not { IsDefault: false, Length: >= 2 and <= MaxArms } given)
            return Refusal.Invalid("arms", $"Give 2 to {MaxArms} arms, control among them.");
        for (var i = 0; i < given.Length; i++)
        {
            if (RefuseArm(given[i], $"arms[{i}]") is { } refusal) return refusal;
            if (given.Take(i).Any(arm => arm.Name == given[i].Name))
                return Refusal.Invalid($"arms[{i}].name", $"There are two arms named {given[i].Name}. Give each its own name.");
        }

        var sum = given.Sum(Weight);
        return sum == BasisPoints
            ? null
            : Refusal.Invalid("arms", $"The weights sum to {sum / 100.0:0.##} percent. Make them sum to 100.");
    }

    private static Refusal? RefuseArm(ArmSpec? arm, string field)
    {
        if (arm is null) return Refusal.Invalid(field, "Give an arm, or leave it out.");
        if (!Names.IsValid(arm.Name)) return Refusal.Invalid($"{field}.name", Names.Rule);
        if (!VersionNumber.TryParse(arm.Version, out _)) return Refusal.Invalid($"{field}.version", VersionNumber.Rule);
        return arm.Weight is { } weight && double.IsFinite(weight) && weight is > 0 and < 100 && Math.Abs(weight * 100 - Math.Round(weight * 100)) < 1e-6
            ? null
            : Refusal.Invalid($"{field}.weight", "Give a percentage above 0 and below 100, with at most two decimals.");
    }

    private static int Weight(ArmSpec arm) => (int)Math.Round(arm.Weight!.Value * 100);

    private static Refusal? RefuseDurations(ExperimentSpec spec)
    {
        var most = spec.MaxDuration ?? DefaultMaxDuration;
        if (most <= TimeSpan.Zero || most > LongestDuration)
            return Refusal.Invalid("max_duration", $"Give more than 0s and at most {LongestDuration.TotalDays:0}d.");
        if (spec.MinDuration < TimeSpan.Zero) return Refusal.Invalid("min_duration", "Give 0s or more.");
        return spec.MinDuration >= most ? Refusal.Invalid("min_duration", "Give less than max_duration.") : null;
    }

    private static Refusal? RefuseGuardrails(ExperimentSpec spec)
    {
        var guardrails = spec.Guardrails ?? [];
        if (guardrails.IsDefault) return null;
        if (guardrails.Length > MaxGuardrails) return Refusal.Invalid("guardrails", $"At most {MaxGuardrails} guardrails; these are {guardrails.Length}.");
        for (var i = 0; i < guardrails.Length; i++)
        {
            var field = $"guardrails[{i}]";
            if (guardrails[i] is null) return Refusal.Invalid(field, "Give a guardrail, or leave it out.");
            if (MetricRules.Refuse(MetricRules.ToMetric(guardrails[i]), field) is { } refusal) return refusal;
            if (guardrails[i].Name == spec.Metric!.Name || guardrails.Take(i).Any(other => other.Name == guardrails[i].Name))
                return Refusal.Invalid($"{field}.name", $"{guardrails[i].Name} is watched already.");
        }

        return null;
    }
}
