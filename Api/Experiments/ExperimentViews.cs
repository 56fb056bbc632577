using System.Collections.Immutable;
using Platform.Core.Experiments;
using Platform.Core.Statistics;

namespace Platform.Api.Experiments;

/// <summary>An experiment's state as the answer that API.md promises.</summary>
internal static class ExperimentViews
{
    public static ExperimentResponse ToResponse(ExperimentState state, DateTimeOffset now)
    {
        var (design, results) = (state.Design, state.Results);
        ImmutableArray<ComparisonResponse> comparisons = [.. (results?.Comparisons ?? []).Select(comparison => ToResponse(design, comparison))];
        var leading = comparisons.MaxBy(comparison => design.Metric.Sign * comparison.Effect ?? double.NegativeInfinity);
        var size = results?.Target ?? state.Planned;
        return new(
            design.Name, state.Model, state.Phase, design.Unit, design.Metric, design.Alpha, design.Power, design.MinimumEffect, design.Sequential,
            design.MinDuration, design.MaxDuration, state.By, state.CreatedAt, state.StartedAt, state.EndedAt, size.PerArm, size,
            state.ExpectedDuration, Remaining(state, size, now), [.. design.Arms.Select((arm, i) => ToResponse(arm, results?.Arms[i]))],
            leading?.Effect, leading?.ConfidenceInterval, leading?.RelativeLift, leading?.PValue, leading?.AlwaysValidPValue, leading?.Power,
            results is null ? null : new SrmResponse(results.Ratio.PValue, results.Ratio.SequentialPValue, results.Ratio.Mismatch),
            comparisons, results?.Guardrails ?? [], Decision(state), results?.Verdict.Reason, results?.Verdict.Detail ?? state.Reason,
            results?.Verdict.Winner, state.Shipped, state.Rollout);
    }

    private static ExperimentDecision Decision(ExperimentState state) =>
        state.Results?.Verdict.Decision ?? (state.HasEnded ? ExperimentDecision.Inconclusive : ExperimentDecision.Continue);

    private static ExperimentArmResponse ToResponse(Arm arm, ArmResult? result) => new(
        arm.Name, arm.Version, arm.WeightBasisPoints / 100.0, result?.Units ?? 0, result?.Count ?? 0, result?.Mean, result?.Interval, result?.Percentiles);

    private static ComparisonResponse ToResponse(ExperimentDesign design, ComparisonResult one) => new(
        one.Arm.Name, design.Control.Name, one.Effect, design.Sequential ? one.AlwaysValid : one.Fixed, one.Fixed, one.AlwaysValid,
        one.Lift is { } lift
            ? new LiftResponse(lift.Estimate, design.Sequential ? lift.AlwaysValid : lift.Fixed, lift.Fixed, lift.AlwaysValid)
            : null,
        one.PValue, one.Test, one.AlwaysValidPValue, one.Power, one.CohenD, one.Shift, one.Cuped);

    /// <summary>Until the arm that lags most has its sample; null before there is a pace to go by.</summary>
    private static TimeSpan? Remaining(ExperimentState state, SampleSize size, DateTimeOffset now)
    {
        if (state is not { Phase: ExperimentPhase.Running, StartedAt: { } started, Results: { } results } || now <= started) return null;
        var seconds = results.Arms.Max(arm => arm.Count == 0
            ? double.PositiveInfinity
            : Math.Max(0, size.PerArm - arm.Count) * (now - started).TotalSeconds / arm.Count);
        return seconds < ExperimentRules.LongestDuration.TotalSeconds * 100 ? TimeSpan.FromSeconds(Math.Ceiling(seconds)) : null;
    }
}
