using System.Collections.Immutable;
using Platform.Core.Statistics;

namespace Platform.Core.Experiments;

/// <summary>How large an experiment's sample is to be.</summary>
public static class SampleTarget
{
    /// <summary>Where nothing is known of a share, the one that takes the most units.</summary>
    private const double WidestShare = 0.5;

    /// <summary>Before anything was counted; what is not given is assumed, and said so.</summary>
    public static SampleSize Planned(ExperimentDesign design)
    {
        if (design.Metric.Kind is MetricKind.Proportion)
        {
            return design.Baseline is { } share
                ? Of(design, share, null, null)
                : Of(design, Within(design, WidestShare), null, "baseline was not given: taken as 0.5 or what leaves room for the effect, which takes the most units.");
        }

        return design.StandardDeviation is { } deviation
            ? Of(design, design.Baseline, deviation, null)
            : Of(design, design.Baseline, 1, "standard_deviation was not given: minimum_effect is read in standard deviations until outcomes tell.");
    }

    /// <summary>
    /// With what was not given taken from all arms together, which tells nothing of which is better, so that the error
    /// rates hold; the plan while there is too little of it.
    /// </summary>
    public static SampleSize Present(ExperimentDesign design, ExperimentCounts counts)
    {
        var samples = counts.Arms.Select(arm => arm.Sample(design.Metric)).ToImmutableArray();
        if (samples.Any(sample => sample.Count < AlwaysValid.FewestForMeans)) return Planned(design);
        if (design.Metric.Kind is MetricKind.Proportion && design.Baseline is null)
        {
            var share = samples.Sum(sample => sample.Sum) / samples.Sum(sample => sample.Count);
            return Of(design, Within(design, share), null, $"baseline taken from the outcomes of all arms: {share:0.####}.");
        }

        if (design.Metric.Kind is MetricKind.Mean && design.StandardDeviation is null)
        {
            var deviation = Math.Sqrt(samples.Sum(sample => (sample.Count - 1) * sample.Moments.Variance) / samples.Sum(sample => sample.Count - 1));
            if (deviation > 0) return Of(design, design.Baseline, deviation, $"standard_deviation taken from the outcomes of all arms: {deviation:0.####}.");
        }

        return Planned(design);
    }

    /// <summary>Chance to find the minimum effect with that many units an arm.</summary>
    internal static double Power(ExperimentDesign design, ExperimentCounts counts, double perArm)
    {
        var (share, deviation) = Known(design, counts);
        return new TwoArmDesign(Spec(design, share, deviation)).Power(perArm);
    }

    private static (double? Share, double? Deviation) Known(ExperimentDesign design, ExperimentCounts counts)
    {
        var control = counts.Arms[0].Sample(design.Metric);
        if (design.Metric.Kind is MetricKind.Proportion) return (Within(design, design.Baseline ?? (control.Count > 0 ? control.Moments.Mean : WidestShare)), null);
        return (design.Baseline, design.StandardDeviation ?? (control.Moments.Variance > 0 ? Math.Sqrt(control.Moments.Variance) : 1));
    }

    /// <summary>The nearest share from which the effect still leads to a share.</summary>
    private static double Within(ExperimentDesign design, double share)
    {
        const double edge = 1e-6;
        var (low, high) = design.Metric.Sign > 0 ? (edge, 1 - design.MinimumEffect) : (design.MinimumEffect, 1 - edge);
        return Math.Clamp(share, Math.Min(low, high), Math.Max(low, high));
    }

    private static SampleSize Of(ExperimentDesign design, double? baseline, double? deviation, string? assumptions) =>
        SampleSize.From(Spec(design, baseline, deviation)) with { Assumptions = assumptions };

    private static SampleSizeSpec Spec(ExperimentDesign design, double? baseline, double? deviation) => new(
        design.Metric.Kind, design.MinimumEffect, baseline, deviation, design.Metric.Direction, design.Alpha, design.Power, design.Arms.Length);
}
