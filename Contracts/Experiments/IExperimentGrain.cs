using Orleans.Concurrency;
using Platform.Core.Experiments;
using Platform.Core.Results;
using Platform.Core.Rollouts;

namespace Platform.Contracts.Experiments;

/// <summary>
/// One experiment: has traffic split once workers are ready, looks at what was counted, decides, gives traffic back. Each
/// step is recorded, so that a silo that dies anywhere is followed by one that goes on. Key: <c>model/name</c>.
/// </summary>
[Alias("platform.experiment")]
public interface IExperimentGrain : IGrainWithStringKey
{
    /// <summary>Records the experiment and begins to drive it. For the model's grain.</summary>
    [Alias("begin")]
    Task BeginAsync(ExperimentState experiment);

    /// <summary>The experiment as of a look just now; null if there is none.</summary>
    [Alias("get")]
    Task<ExperimentState?> GetAsync();

    /// <summary>The experiment as it was last looked at.</summary>
    [ReadOnly, Alias("peek")]
    Task<ExperimentState?> PeekAsync();

    /// <summary>Ends it; one that has ended already stays as it is.</summary>
    [Alias("stop")]
    Task<Outcome<ExperimentState>> StopAsync(string actor, string reason);

    /// <summary>Ends it, if it has not ended, and starts the rollout of an arm's version, if that is not in production.</summary>
    /// <param name="rollout">How it is rolled out; the version is the arm's.</param>
    [Alias("conclude")]
    Task<Outcome<ExperimentState>> ConcludeAsync(string ship, RolloutRequest rollout, string actor);
}
