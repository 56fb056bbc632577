using System.Collections.Immutable;
using Orleans.Concurrency;
using Platform.Core.Results;
using Platform.Core.Rollouts;
using Platform.Core.Serving;

namespace Platform.Contracts.Models;

/// <summary>
/// What the model's grain does for rollouts: it alone changes the plan. Every change may be repeated, so that a rollout
/// which does not know whether its last one arrived makes it again. Key: the model's name.
/// </summary>
[Alias("platform.modelRollouts")]
public interface IModelRolloutGrain : IGrainWithStringKey
{
    /// <summary>Checks a rollout, has workers load its version, and begins it. One at a time.</summary>
    [Alias("begin")]
    Task<Outcome<RolloutState>> BeginRolloutAsync(RolloutRequest request, string actor);

    /// <summary>The ids of the model's rollouts, the newest first.</summary>
    [ReadOnly, Alias("list")]
    Task<Outcome<RolloutIds>> ListRolloutsAsync();

    /// <summary>Has traffic be as the rollout wants it, and says whether workers have its version ready.</summary>
    [Alias("hold")]
    Task<Outcome<RolloutFooting>> HoldTrafficAsync(string rollout, RolloutTraffic traffic);

    /// <summary>Moves production to the rollout's version; the rollout no longer is the model's active one.</summary>
    [Alias("switch")]
    Task<Outcome<RolloutFooting>> SwitchAsync(string rollout, string actor, string reason);

    /// <summary>Gives all traffic to production and takes the rollout's version off the workers, if it was not there before.</summary>
    [Alias("release")]
    Task ReleaseAsync(string rollout);

    /// <summary>Takes a version that a rollout replaced off the workers, unless it is in use again.</summary>
    [Alias("unloadPrevious")]
    Task UnloadPreviousAsync(string version);
}

/// <summary>What traffic a rollout wants.</summary>
/// <param name="BasisPoints">The new version's share, in hundredths of a percent.</param>
/// <param name="ShadowBasisPoints">The share of requests mirrored to it.</param>
/// <param name="Rules">Whether the rollout's rules are in force.</param>
public sealed record RolloutTraffic(int BasisPoints, int ShadowBasisPoints, bool Rules);

/// <summary>What the workers say of a rollout's version, and the plan that carries its traffic.</summary>
/// <param name="ReadyWorkers">How many have it ready now.</param>
public sealed record RolloutFooting(Readiness Readiness, int ReadyWorkers, long PlanRevision);

public sealed record RolloutIds(ImmutableArray<string> Ids);
