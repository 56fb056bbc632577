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

    /// <summary>p of this look against "no difference".</summary>
    public static double PValue(Metric metric, ExperimentCounts counts, int treatment, double alpha, double tuning)
    {
        if (IsExact(metric)) return counts.Evidence(metric, treatment).PValue;
        var (control, arm) = (counts.Arms[0].Sample(metric), counts.Arms[treatment].Sample(metric));
        return Asymptotic(metric, control, arm, alpha, tuning)?.PValue ?? 1;
    }

    /// <summary>p of this look against "not worse than control".</summary>
    public static double HarmPValue(Metric metric, ExperimentCounts counts, int treatment, double alpha, double tuning)
    {
        var (control, arm) = (counts.Arms[0].Sample(metric), counts.Arms[treatment].Sample(metric));
        var harm = -metric.Sign * (arm.Moments.Mean - control.Moments.Mean);
        if (IsExact(metric)) return harm > 0 ? counts.Evidence(metric, treatment).PValue : 1;
        return Error(metric, control, arm) is { } error
            ? AsymptoticSequence.PositivePValue(harm, error, control.Count + arm.Count, alpha, tuning)
            : 1;
    }

    /// <summary>The differences that are not ruled out at this look; null while too little is known.</summary>
    public static Interval? Interval(Metric metric, ExperimentCounts counts, int treatment, double alpha, double tuning)
    {
        if (IsExact(metric)) return counts.Evidence(metric, treatment).Interval(alpha);
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
