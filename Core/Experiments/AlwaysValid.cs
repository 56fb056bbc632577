using Platform.Core.Statistics;

namespace Platform.Core.Experiments;

/// <summary>
/// What may be looked at any number of times: the exact e-process for proportions, the asymptotic confidence sequence for
/// means and for proportions whose missing outcomes count (there an outcome may come blocks after its unit).
/// </summary>
internal static class AlwaysValid
{
    /// <summary>Outcomes that each arm must have before a sum of them counts as normal.</summary>
    public const long FewestForMeans = 100;

    /// <summary>Ones and zeros that each arm must have before a share counts as normal.</summary>
    private const long FewestForShares = 20;

    public static MetricEvidence Look(
        MetricEvidence before, Metric metric, ExperimentCounts counts, int treatment, double alpha, double tuning)
    {
        var (control, arm) = (counts.Arms[0].Sample(metric), counts.Arms[treatment].Sample(metric));
        if (!IsExact(metric)) return before with { LowestP = Math.Min(before.LowestP, Asymptotic(metric, control, arm, alpha, tuning)?.PValue ?? 1) };
        var sequence = (before.Sequence ?? ProportionSequence.Empty).Observe(control.Count, control.Events, arm.Count, arm.Events);
        return new(sequence, sequence.PValue);
    }

    /// <summary>As <see cref="Look"/>, but only what is worse than control counts.</summary>
    public static MetricEvidence LookForHarm(
        MetricEvidence before, Metric metric, ExperimentCounts counts, int treatment, double alpha, double tuning)
    {
        var (control, arm) = (counts.Arms[0].Sample(metric), counts.Arms[treatment].Sample(metric));
        var harm = -metric.Sign * (arm.Moments.Mean - control.Moments.Mean);
        if (IsExact(metric))
        {
            var sequence = (before.Sequence ?? ProportionSequence.Empty).Observe(control.Count, control.Events, arm.Count, arm.Events);
            return new(sequence, harm > 0 ? Math.Min(before.LowestP, sequence.PValue) : before.LowestP);
        }

        var error = Error(metric, control, arm);
        return error is null
            ? before
            : before with { LowestP = Math.Min(before.LowestP, AsymptoticSequence.PositivePValue(harm, error.Value, control.Count + arm.Count, alpha, tuning)) };
    }

    /// <summary>The differences that are not ruled out at this look; null while too little is known.</summary>
    public static Interval? Interval(
        MetricEvidence evidence, Metric metric, ExperimentCounts counts, int treatment, double alpha, double tuning)
    {
        if (IsExact(metric)) return evidence.Sequence is { Blocks.IsEmpty: false } sequence ? sequence.Interval(alpha) : null;
        var (control, arm) = (counts.Arms[0].Sample(metric), counts.Arms[treatment].Sample(metric));
        var difference = arm.Moments.Mean - control.Moments.Mean;
        return Asymptotic(metric, control, arm, alpha, tuning) is { } look
            ? new(difference - look.HalfWidth, difference + look.HalfWidth)
            : null;
    }

    private static bool IsExact(Metric metric) => metric is { Kind: MetricKind.Proportion, Missing: MissingOutcome.Ignore };

    private static SequentialLook? Asymptotic(Metric metric, Sample control, Sample arm, double alpha, double tuning) =>
        Error(metric, control, arm) is { } error
            ? AsymptoticSequence.Look(arm.Moments.Mean - control.Moments.Mean, error, control.Count + arm.Count, alpha, tuning)
            : null;

    private static double? Error(Metric metric, Sample control, Sample arm)
    {
        if (IsThin(metric, control) || IsThin(metric, arm)) return null;
        var error = Math.Sqrt(control.Moments.MeanVariance + arm.Moments.MeanVariance);
        return error > 0 ? error : null;
    }

    private static bool IsThin(Metric metric, Sample sample) => metric.Kind is MetricKind.Mean
        ? sample.Count < FewestForMeans
        : Math.Min(sample.Events, sample.Count - sample.Events) < FewestForShares;
}
