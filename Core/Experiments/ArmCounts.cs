using System.Collections.Immutable;
using Platform.Core.Statistics;

namespace Platform.Core.Experiments;

/// <summary>Sums of one metric's outcomes in one arm, one a unit.</summary>
/// <param name="Paired">Of the units whose value from before the experiment is known as well.</param>
/// <param name="Values">How often each value came, where the metric keeps them.</param>
public sealed record OutcomeSums(
    long Count, double Sum, double SumOfSquares, PairedSums Paired = default, ImmutableArray<CountedValue>? Values = null)
{
    public static OutcomeSums None { get; } = new(0, 0, 0);
}

/// <summary>What was counted of an arm.</summary>
/// <param name="Units">Units that were assigned to it.</param>
public sealed record ArmCounts(long Units, ImmutableDictionary<string, OutcomeSums> Metrics)
{
    public static ArmCounts None { get; } = new(0, ImmutableDictionary<string, OutcomeSums>.Empty);

    public OutcomeSums Of(string metric) => Metrics.GetValueOrDefault(metric) ?? OutcomeSums.None;

    /// <summary>The metric's sample; a unit without an outcome counts as the metric says.</summary>
    internal Sample Sample(Metric metric)
    {
        var sums = Of(metric.Name);
        var count = metric.Missing is MissingOutcome.Zero ? Math.Max(Units, sums.Count) : sums.Count;
        return new(count, sums.Sum, SampleMoments.FromSums(count, sums.Sum, sums.SumOfSquares));
    }
}

/// <summary>One metric of one arm.</summary>
internal readonly record struct Sample(long Count, double Sum, SampleMoments Moments)
{
    /// <summary>Of a proportion: how many outcomes were 1.</summary>
    public long Events => Math.Clamp((long)Math.Round(Sum), 0, Count);
}

/// <summary>How many outcomes each arm had when a block closed, and how many of them were 1.</summary>
public sealed record OutcomeMark(ImmutableArray<long> Counts, ImmutableArray<long> Events);

/// <summary>All that was counted of an experiment.</summary>
/// <param name="Arms">In the design's order.</param>
/// <param name="Marks">By metric that is a proportion, oldest first: written as the outcomes come, however seldom anybody looks.</param>
/// <param name="Refused">Units that came after the limit and were not counted.</param>
/// <param name="Crossed">Outcomes of units that were seen in another arm before; they were not counted.</param>
/// <param name="Unfit">Outcomes that are no value of their metric, such as 0.5 of a proportion; they were not counted.</param>
public sealed record ExperimentCounts(
    ImmutableArray<ArmCounts> Arms, ImmutableDictionary<string, ImmutableArray<OutcomeMark>> Marks, long Refused = 0, long Crossed = 0, long Unfit = 0)
{
    public long Units => Arms.Sum(arm => arm.Units);

    /// <summary>A proportion of one treatment against control, as its outcomes came.</summary>
    internal ProportionEvidence Evidence(Metric metric, int treatment)
    {
        var sequence = (Marks.TryGetValue(metric.Name, out var marks) ? marks : []).Aggregate(
            ProportionSequence.Empty,
            (sequence, mark) => sequence.Observe(mark.Counts[0], mark.Events[0], mark.Counts[treatment], mark.Events[treatment]));
        var (control, arm) = (Arms[0].Sample(metric), Arms[treatment].Sample(metric));
        return new(sequence, new(control.Count, control.Events, arm.Count, arm.Events));
    }
}
