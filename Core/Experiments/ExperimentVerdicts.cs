using System.Globalization;
using Platform.Core.Statistics;

namespace Platform.Core.Experiments;

/// <summary>What the results mean: a ladder, the first rung that holds decides.</summary>
internal static class ExperimentVerdicts
{
    public static ExperimentVerdict Decide(ExperimentDesign design, ExperimentResults results, ExperimentMoment moment, bool complete)
    {
        if (results.Ratio.Mismatch) return Mismatch(results);
        if (results.Guardrails.FirstOrDefault(guardrail => guardrail.Harmed) is { } harmed) return Harm(harmed);
        if (moment.Elapsed < design.MinDuration)
            return new(ExperimentDecision.Continue, ExperimentReason.TooEarly, $"Runs for at least {DurationConverter.Format(design.MinDuration)}.");
        if (design.Sequential || complete)
        {
            if (Better(design, results) is { } better) return Ship(design, better);
            if (results.Comparisons.All(comparison => IsWorse(design, comparison))) return Worse(results);
            if (results.Comparisons.All(comparison => IsRuledOut(design, comparison))) return RuledOut(design, results);
        }

        if (!design.Sequential && complete)
            return new(ExperimentDecision.Inconclusive, ExperimentReason.NotSignificant, "The sample is complete and no difference is significant, nor is the effect looked for ruled out.");
        if (moment.Elapsed >= design.MaxDuration)
            return new(ExperimentDecision.Inconclusive, ExperimentReason.OutOfTime, $"{DurationConverter.Format(design.MaxDuration)} were not enough to tell.");
        if (moment.UnitsFull)
            return new(ExperimentDecision.Inconclusive, ExperimentReason.OutOfUnits, "The most units that an experiment may have are counted, and they were not enough to tell.");
        return new(ExperimentDecision.Continue, ExperimentReason.AwaitingEvidence, "Not enough is known yet.");
    }

    private static double P(ExperimentDesign design, ComparisonResult comparison) =>
        design.Sequential ? comparison.AlwaysValidPValue : comparison.PValue ?? 1;

    private static Interval? IntervalOf(ExperimentDesign design, ComparisonResult comparison) =>
        design.Sequential ? comparison.AlwaysValid : comparison.Fixed;

    private static double Gain(ExperimentDesign design, ComparisonResult comparison) => design.Metric.Sign * comparison.Effect ?? 0;

    private static ComparisonResult? Better(ExperimentDesign design, ExperimentResults results) => results.Comparisons
        .Where(comparison => P(design, comparison) <= design.ComparisonAlpha && Gain(design, comparison) > 0)
        .MaxBy(comparison => Gain(design, comparison));

    private static bool IsWorse(ExperimentDesign design, ComparisonResult comparison) =>
        P(design, comparison) <= design.ComparisonAlpha && Gain(design, comparison) < 0;

    /// <summary>Whether even the interval's better end is less than the effect that was looked for.</summary>
    private static bool IsRuledOut(ExperimentDesign design, ComparisonResult comparison)
    {
        if (IntervalOf(design, comparison) is not { } interval) return false;
        return (design.Metric.Sign > 0 ? interval.High : -interval.Low) < design.MinimumEffect;
    }

    private static ExperimentVerdict Mismatch(ExperimentResults results) => new(
        ExperimentDecision.Invalid, ExperimentReason.SampleRatioMismatch,
        Text($"The arms got {string.Join(", ", results.Arms.Select(arm => $"{arm.Arm.Name} {arm.Units}"))} units, which their weights do not explain (chi-square p = {results.Ratio.PValue:0.######}, p at every look = {results.Ratio.SequentialPValue:0.######}). Find out why before you trust any figure."));

    private static ExperimentVerdict Harm(GuardrailResult guardrail) => new(
        ExperimentDecision.KeepControl, ExperimentReason.GuardrailHarmed,
        Text($"{guardrail.Arm} makes {guardrail.Name} worse: {guardrail.Treatment:0.####} against {guardrail.Control:0.####} (p at every look = {guardrail.AlwaysValidPValue:0.######})."));

    private static ExperimentVerdict Ship(ExperimentDesign design, ComparisonResult winner) => new(
        ExperimentDecision.ShipTreatment, ExperimentReason.TreatmentBetter,
        Text($"{winner.Arm.Name} is better by {Math.Abs(winner.Effect ?? 0):0.######} (p = {P(design, winner):0.######})."), winner.Arm.Name);

    private static ExperimentVerdict Worse(ExperimentResults results) => new(
        ExperimentDecision.KeepControl, ExperimentReason.TreatmentWorse,
        Text($"Worse than control: {string.Join(", ", results.Comparisons.Select(c => Text($"{c.Arm.Name} by {Math.Abs(c.Effect ?? 0):0.######}")))}."));

    private static ExperimentVerdict RuledOut(ExperimentDesign design, ExperimentResults results) => new(
        ExperimentDecision.KeepControl, ExperimentReason.EffectRuledOut,
        Text($"No arm is better by {design.MinimumEffect:0.######}: the intervals end at {string.Join(", ", results.Comparisons.Select(c => Text($"{Best(design, c):0.######}")))}."));

    private static double Best(ExperimentDesign design, ComparisonResult comparison) =>
        IntervalOf(design, comparison) is { } interval ? (design.Metric.Sign > 0 ? interval.High : -interval.Low) : double.NaN;

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
