using System.Collections.Immutable;
using Platform.Core.Statistics;

namespace Platform.Core.Experiments;

/// <summary>Each arm for itself, and each treatment against control.</summary>
internal static class Comparisons
{
    public static ArmResult Arm(ExperimentDesign design, ExperimentCounts counts, int arm)
    {
        var sample = counts.Arms[arm].Sample(design.Metric);
        return new(
            design.Arms[arm], counts.Arms[arm].Units, sample.Count, sample.Count == 0 ? null : sample.Moments.Mean,
            IntervalOf(design.Metric, sample, design.Alpha),
            counts.Arms[arm].Of(design.Metric.Name).Values is { } values ? Percentiles.Of(new RankedValues(values)) : null);
    }

    public static ComparisonResult Compare(
        ExperimentDesign design, ExperimentCounts counts, TreatmentEvidence evidence, int treatment, double tuning)
    {
        var alpha = design.ComparisonAlpha;
        var (control, arm) = (counts.Arms[0].Sample(design.Metric), counts.Arms[treatment].Sample(design.Metric));
        var tested = design.Metric.Kind is MetricKind.Proportion
            ? Shares(control, arm, alpha)
            : Means(design.Metric, counts.Arms[0], counts.Arms[treatment], control, arm, alpha);
        var perArm = control.Count == 0 || arm.Count == 0 ? 0 : 2 / (1.0 / control.Count + 1.0 / arm.Count);
        return new(
            design.Arms[treatment],
            control.Count == 0 || arm.Count == 0 ? null : arm.Moments.Mean - control.Moments.Mean,
            Lift(control, arm, alpha, tuning), tested.Interval, tested.PValue, tested.Test,
            evidence.Interval, evidence.PValue,
            SampleTarget.Power(design, counts, perArm), tested.CohenD, tested.Shift,
            CupedOf(counts.Arms[0].Of(design.Metric.Name), counts.Arms[treatment].Of(design.Metric.Name), alpha));
    }

    private static Interval? IntervalOf(Metric metric, Sample sample, double alpha)
    {
        if (sample.Count == 0) return null;
        if (metric.Kind is MetricKind.Proportion) return ProportionInterval.Wilson(sample.Events, sample.Count, alpha);
        if (sample.Count < 2) return null;
        var half = -StudentT.Quantile(alpha / 2, sample.Count - 1) * Math.Sqrt(sample.Moments.MeanVariance);
        return new(sample.Moments.Mean - half, sample.Moments.Mean + half);
    }

    private static Tested Shares(Sample control, Sample arm, double alpha)
    {
        if (TwoProportions.Compare(control.Events, control.Count, arm.Events, arm.Count, alpha) is not { } found) return default;
        var interval = found is { Low: { } low, High: { } high }
            ? new Interval(low, high)
            : ProportionInterval.Newcombe(control.Events, control.Count, arm.Events, arm.Count, alpha);
        var test = found.Method is ProportionMethod.PooledZ ? FixedTest.TwoProportionZ : FixedTest.FisherExact;
        return new(interval, found.PValue, test, null, null);
    }

    private static Tested Means(Metric metric, ArmCounts controlCounts, ArmCounts armCounts, Sample control, Sample arm, double alpha)
    {
        if (WelchTest.Compare(control.Moments, arm.Moments, alpha) is not { } welch) return default;
        var interval = new Interval(welch.Low, welch.High);
        // Where all values are kept, ranks are compared: a few very slow answers say little of the rest.
        return controlCounts.Of(metric.Name).Values is { } before && armCounts.Of(metric.Name).Values is { } after
            && MannWhitney.Compare(new(before), new(after), alpha) is { } ranks
            ? new(interval, ranks.PValue, FixedTest.MannWhitney, welch.CohenD, new(ranks.Shift, new(ranks.Low, ranks.High), ranks.Superiority))
            : new(interval, welch.PValue, FixedTest.WelchT, welch.CohenD, null);
    }

    private static LiftResult? Lift(Sample control, Sample arm, double alpha, double tuning)
    {
        if (RelativeLift.Of(control.Moments, arm.Moments) is not { } lift) return null;
        var half = -Normal.Quantile(alpha / 2) * lift.StandardError;
        var fixedOne = new Interval(lift.Estimate - half, lift.Estimate + half);
        if (lift.StandardError <= 0 || Math.Min(control.Count, arm.Count) < AlwaysValid.FewestForMeans) return new(lift.Estimate, fixedOne, null);
        var look = AsymptoticSequence.Look(lift.Estimate, lift.StandardError, control.Count + arm.Count, alpha, tuning);
        return new(lift.Estimate, fixedOne, new(lift.Estimate - look.HalfWidth, lift.Estimate + look.HalfWidth));
    }

    private static CupedResult? CupedOf(OutcomeSums control, OutcomeSums arm, double alpha)
    {
        var arms = ImmutableArray.Create(control.Paired, arm.Paired);
        if (Cuped.Adjust(arms) is not [var a, var b] || WelchTest.Compare(a, b, alpha) is not { } found) return null;
        var plain = arms.Sum(sums => SampleMoments.FromSums(sums.Count, sums.Y, sums.YY).MeanVariance);
        return new(
            found.Difference, new(found.Low, found.High), found.PValue,
            1 - found.StandardError * found.StandardError / plain, control.Paired.Count + arm.Paired.Count);
    }

    private readonly record struct Tested(Interval? Interval, double? PValue, FixedTest? Test, double? CohenD, ShiftResult? Shift);
}
