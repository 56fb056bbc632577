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
        return new(count, sums.Sum, Moments.FromSums(count, sums.Sum, sums.SumOfSquares));
    }
}

/// <summary>One metric of one arm.</summary>
internal readonly record struct Sample(long Count, double Sum, Moments Moments)
{
    /// <summary>Of a proportion: how many outcomes were 1.</summary>
    public long Events => Math.Clamp((long)Math.Round(Sum), 0, Count);
}

/// <summary>All that was counted of an experiment.</summary>
/// <param name="Arms">In the design's order.</param>
/// <param name="Refused">Units that came after the limit and were not counted.</param>
/// <param name="Crossed">Outcomes of units that were seen in another arm before; they were not counted.</param>
public sealed record ExperimentCounts(ImmutableArray<ArmCounts> Arms, long Refused = 0, long Crossed = 0)
{
    public long Units => Arms.Sum(arm => arm.Units);
}
