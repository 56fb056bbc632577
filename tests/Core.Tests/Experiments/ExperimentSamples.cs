using System.Collections.Immutable;
using Platform.Core.Experiments;

namespace Platform.Core.Tests.Experiments;

/// <summary>Experiments and counts that many tests need.</summary>
internal static class ExperimentSamples
{
    public static readonly ExperimentSpec Spec = new(
        "exp", [new("control", "1.1.0", 50), new("treatment", "2.0.0", 50)],
        new(Metric.Accuracy, MetricKind.Proportion, MetricDirection.Increase), MinimumEffect: 0.05, Baseline: 0.5);

    public static ExperimentDesign Design(ExperimentSpec? spec = null)
    {
        var outcome = ExperimentRules.Check(spec ?? Spec);
        Assert.Null(outcome.Refusal);
        return outcome.Value!;
    }

    /// <summary>Two arms with so many units, each with an outcome, and so many ones among them.</summary>
    public static ExperimentCounts Shares(long control, long controlEvents, long treatment, long treatmentEvents, string metric = Metric.Accuracy) =>
        Counts(Share(control, controlEvents, metric), Share(treatment, treatmentEvents, metric));

    public static ExperimentCounts Counts(params ArmCounts[] arms) => new([.. arms], ImmutableDictionary<string, ImmutableArray<OutcomeMark>>.Empty);

    /// <summary>Those counts after others, whose end is remembered as a block's.</summary>
    public static ExperimentCounts Then(this ExperimentCounts before, ExperimentCounts next, string metric) => next with
    {
        Marks = next.Marks.SetItem(metric,
        [
            .. before.Marks.GetValueOrDefault(metric, []),
            new OutcomeMark(
                [.. next.Arms.Select(arm => arm.Of(metric).Count)], [.. next.Arms.Select(arm => (long)arm.Of(metric).Sum)]),
        ]),
    };

    public static ArmCounts Share(long units, long events, string metric) =>
        new(units, ImmutableDictionary<string, OutcomeSums>.Empty.Add(metric, new(units, events, events)));

    /// <summary>An arm whose values lie half a deviation below and above the mean.</summary>
    public static ArmCounts Mean(long units, double mean, double deviation, string metric) =>
        new(units, ImmutableDictionary<string, OutcomeSums>.Empty.Add(metric, new(units, units * mean, units * (mean * mean + deviation * deviation))));
}
