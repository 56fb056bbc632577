using System.Collections.Immutable;
using Platform.Core.Rollouts;
using Platform.Core.Statistics;

namespace Platform.Silo.Rollouts;

/// <summary>What is stored of a rollout. <see cref="Rollout"/> is null while there is none.</summary>
internal sealed record RolloutRecord
{
    public int Schema { get; init; } = 1;

    public RolloutState? Rollout { get; init; }

    public ShadowFigures? Shadow { get; init; }

    /// <summary>What was counted of labels and outcomes already, in the order of the plan's bounds; null before the first look.</summary>
    public ImmutableArray<CountTick>? Labels { get; init; }

    public RolloutHistory? History { get; init; }
}
