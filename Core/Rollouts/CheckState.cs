using System.Collections.Immutable;
using Platform.Core.Statistics;

namespace Platform.Core.Rollouts;

/// <summary>All that the judge remembers of one bound. Small, and written with the rollout at every tick.</summary>
/// <param name="Exact">Products of the exact process, or of the drop process where the bound is a drop.</param>
/// <param name="Tempered">The same with each tick's factor weakened by how much stable's minutes vary beyond chance.</param>
/// <param name="Fast">Products against the wide margin.</param>
/// <param name="Ceiling">Products of the canary alone against the absolute bound.</param>
/// <param name="Total">Counts of the whole rollout.</param>
/// <param name="OfStep">Counts of the present step.</param>
/// <param name="OfMinute">Counts of the present minute.</param>
/// <param name="Minute">Number of the present minute.</param>
/// <param name="Blocks">The finished minutes' log rate ratios.</param>
/// <param name="Noise">Stable's own minutes, from before the rollout on.</param>
/// <param name="PeakLogE">The highest evidence so far; its inverse is the p-value.</param>
/// <param name="FailingTicks">Ticks in which the bound was broken.</param>
/// <param name="Alone">Whether the step leaves stable no traffic, so that the limit alone must judge.</param>
public sealed record CheckState(
    GuardrailCheck Check, ImmutableArray<double> Exact, ImmutableArray<double> Tempered, ImmutableArray<double> Fast,
    ImmutableArray<double> Ceiling, CountTick Total, CountTick OfStep, CountTick OfMinute, long Minute,
    BlockSequence Blocks, Dispersion Noise, double PeakLogE, int FailingTicks, bool Alone)
{
    public static CheckState Start(GuardrailCheck check, Dispersion noise) => new(
        check,
        CountEProcess.Start(check.IsGap ? Evidence.Gaps.Length : Evidence.SlowGrid.Length),
        CountEProcess.Start(check.IsGap ? Evidence.Gaps.Length : Evidence.SlowGrid.Length),
        CountEProcess.Start(Evidence.FastGrid.Length), CountEProcess.Start(Evidence.CeilingGrid.Length),
        default, default, default, -1, BlockSequence.Empty, noise, 0, 0, false);
}
