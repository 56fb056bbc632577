using Orleans.Concurrency;
using Platform.Core.Results;
using Platform.Core.Rollouts;

namespace Platform.Contracts.Rollouts;

/// <summary>
/// One rollout: judges each second, moves traffic by asking the model's grain, and goes on from what is written
/// whatever dies. Key: <c>model/id</c>.
/// </summary>
[Alias("platform.rollout")]
public interface IRolloutGrain : IGrainWithStringKey
{
    /// <summary>Records the rollout and begins to drive it. For the model's grain.</summary>
    [Alias("begin")]
    Task BeginAsync(RolloutState rollout);

    /// <summary>The rollout, or null if there is none.</summary>
    [ReadOnly, Alias("get")]
    Task<RolloutView?> GetAsync();

    [Alias("command")]
    Task<Outcome<RolloutView>> CommandAsync(RolloutCommand command, string actor, string reason);
}

/// <summary>A rollout and what its shadow showed so far.</summary>
/// <param name="History">Weight and evidence over time, for the plot.</param>
public sealed record RolloutView(RolloutState Rollout, ShadowFigures? Shadow, RolloutHistory History);
