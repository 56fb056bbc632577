using System.Collections.Immutable;
using Platform.Core.Rollouts;

namespace Platform.Silo.Rollouts;

/// <summary>What is stored of a rollout. <see cref="Rollout"/> is null while there is none.</summary>
internal sealed record RolloutRecord
{
    public int Schema { get; init; } = 1;

    public RolloutState? Rollout { get; init; }

    public ShadowFigures? Shadow { get; init; }

    /// <summary>What was counted of predictions, labels and outcomes already; null before the first look.</summary>
    public ImmutableArray<CheckCounts>? Counted { get; init; }

    public RolloutHistory? History { get; init; }
}
