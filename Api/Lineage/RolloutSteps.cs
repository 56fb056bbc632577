using System.Text.Json;
using Platform.Contracts.Models;
using Platform.Contracts.Rollouts;
using Platform.Core.Rollouts;
using Platform.SharedState.Lineage;

namespace Platform.Api.Lineage;

/// <summary>Finds the step of a rollout that a version was part of when it answered.</summary>
internal sealed class RolloutSteps(IClusterClient cluster)
{
    /// <summary>Rollouts that are looked at, the newest first.</summary>
    private const int MaxLooked = 100;

    private static readonly RolloutPhase[] Over = [RolloutPhase.Succeeded, RolloutPhase.RolledBack, RolloutPhase.Failed];

    public async Task<RolloutStepResponse?> FindAsync(AnsweredRequest request)
    {
        var listed = (await cluster.GetGrain<IModelRolloutGrain>(request.Model).ListRolloutsAsync()).Value?.Ids ?? [];
        foreach (var id in listed.Take(MaxLooked))
        {
            if ((await cluster.GetGrain<IRolloutGrain>($"{request.Model}/{id}").GetAsync())?.Rollout is not { } rollout) continue;
            if (rollout.StandingAt(request.At) is not { } standing) continue;
            if (rollout.Plan.To == request.Version) return ToResponse(rollout, standing, "new");
            // Of one that is over only what it put to work is its doing.
            if (rollout.From == request.Version && !Over.Contains(standing.State)) return ToResponse(rollout, standing, "stable");
            // The newest that had begun by then decides; earlier ones were over before it.
            return null;
        }

        return null;
    }

    private static RolloutStepResponse ToResponse(RolloutState rollout, RolloutEvent standing, string side) => new(
        rollout.Id, side, Name(standing.State), standing.Step, standing.Weight, standing.At, Name(standing.Reason), standing.By);

    private static string Name<T>(T value)
        where T : struct, Enum => JsonNamingPolicy.SnakeCaseLower.ConvertName(value.ToString());
}
