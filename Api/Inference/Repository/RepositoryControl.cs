using System.Collections.Immutable;
using Platform.Api.Serving;
using Platform.Contracts.Models;
using Platform.Core.Models;
using Platform.Core.Results;
using Platform.Core.Serving;
using Platform.SharedState.Plans;

namespace Platform.Api.Inference.Repository;

/// <summary>
/// Load and unload, where deployment is by plan: load deploys a version, as <c>POST /v1/models/{model}/deploy</c> does;
/// unload takes all of the model's versions off the workers.
/// </summary>
internal sealed class RepositoryControl(IClusterClient cluster, PlanFollower plans, ServedModels models, LiveDeployments live)
{
    /// <summary>Null once the version is live.</summary>
    /// <param name="version">Null for the newest staged one; without any, what is in production; without that, the newest with a file.</param>
    public async Task<V2Refusal?> LoadAsync(string model, string? version, string actor, CancellationToken cancellation)
    {
        if (!Names.IsValid(model)) return Unknown(model, Names.Rule);
        var grain = cluster.GetGrain<IModelGrain>(model);
        var found = await grain.GetAsync();
        if (!found.Succeeded(out var view, out var refusal)) return Unknown(model, refusal.Detail);
        var chosen = models.Resolve(model, version) ?? Choose(await grain.ListVersionsAsync(), view.Production);
        if (chosen is null) return new(500, $"failed to load '{model}', no version is available: none of its versions has a file.");
        var config = plans.Plans.GetValueOrDefault(model)?.Find(chosen)?.Config ?? new DeploymentConfig();
        var ended = await live.EndOfAsync(grain, model, await grain.BeginDeployAsync(chosen, config, actor), cancellation);
        if (ended.Refusal is not { } refused) return null;
        return refused.Reason is RefusalReason.NotFound
            ? new(500, $"failed to load '{model}', no version is available: {refused.Detail}")
            : new(500, $"failed to load '{model}', version {chosen} was refused: {refused.Detail}");
    }

    /// <summary>Null once no request of this Api goes to the model.</summary>
    public async Task<V2Refusal?> UnloadAsync(string model, string actor, CancellationToken cancellation)
    {
        if (!Names.IsValid(model)) return V2Refusal.UnknownModel(model);
        var grain = cluster.GetGrain<IModelGrain>(model);
        if ((await grain.GetAsync()).Value is not { } view) return V2Refusal.UnknownModel(model);
        // Production last: until then whoever names no version is answered.
        foreach (var version in view.Deployed.OrderBy(version => version == view.Production))
        {
            if ((await grain.UndeployAsync(version, actor)).Refusal is not { } refusal) continue;
            var left = (await grain.GetAsync()).Value?.Deployed ?? [];
            return new(500, $"failed to unload '{model}', versions that are still available: {string.Join(",", left)}. {refusal.Detail}");
        }

        await live.UntilGoneAsync(model, cancellation);
        return null;
    }

    private static string? Choose(ImmutableArray<VersionView> versions, string? production)
    {
        var usable = versions.Where(version => version.Artifact is not null)
            .OrderByDescending(version => version.Version, Comparer<string>.Create(VersionNumber.Compare)).ToArray();
        return usable.FirstOrDefault(version => version.Stage is VersionStage.Staged)?.Version
            ?? production
            ?? usable.FirstOrDefault(version => version.Stage is not (VersionStage.Retired or VersionStage.Rejected))?.Version;
    }

    private static V2Refusal Unknown(string model, string why) =>
        new(500, $"failed to load '{model}', failed to poll from model repository: {why}");
}
