using Platform.Core.Serving;
using Platform.SharedState.Plans;
using Platform.SharedState.Workers;

namespace Platform.Api.Inference;

/// <summary>Which models and versions can be asked, by the plans in force and what workers say of themselves.</summary>
internal sealed class ServedModels(PlanFollower plans, WorkerDirectory workers, VersionAliases aliases)
{
    /// <summary>Whether the plans were read, so that a request finds its way.</summary>
    public bool IsReady => plans.Loaded.IsCompletedSuccessfully;

    public IEnumerable<ModelPlan> Plans => plans.Plans.Values;

    /// <summary>What clients call this server.</summary>
    public string ServerName => aliases.AreOn ? "triton" : "platform";

    /// <summary>What clients call a version.</summary>
    public string NameOf(string model, string version) => aliases.NameOf(model, version);

    /// <summary>The version that a client means; null where it leaves that to the plan.</summary>
    public string? Resolve(string model, string? version) => string.IsNullOrEmpty(version) ? null : aliases.Resolve(model, version);

    /// <summary>The version that a request would get; exactly one of placed version and refusal is null.</summary>
    /// <param name="version">Null or empty where the plan decides.</param>
    public (PlacedVersion? Placed, V2Refusal? Refusal) Find(string model, string? version)
    {
        if (!plans.Plans.TryGetValue(model, out var plan)) return (null, V2Refusal.UnknownModel(model));
        var wanted = string.IsNullOrEmpty(version) ? plan.Routes.FirstOrDefault()?.Version : aliases.Resolve(model, version);
        if (wanted is null) return (null, V2Refusal.NoVersions(model));
        return plan.Find(wanted) is { } placed
            ? (placed, null)
            : (null, V2Refusal.UnknownVersion(model, wanted, plan.Versions.Select(other => other.Version)));
    }

    /// <summary>The versions of a model that some worker can answer for now.</summary>
    public IEnumerable<PlacedVersion> ReadyVersions(string model) =>
        plans.Plans.TryGetValue(model, out var plan) ? plan.Versions.Where(version => IsVersionReady(model, version)) : [];

    public bool IsVersionReady(string model, PlacedVersion version) =>
        workers.Workers.Any(worker => worker.IsReady(model, version.Version, version.Artifact.Sha256));

    /// <summary>What each worker that has the version, or tries to, says of it.</summary>
    public IEnumerable<LoadedVersion> OnWorkers(string model, PlacedVersion version) => workers.Workers
        .SelectMany(worker => worker.Versions)
        .Where(loaded => loaded.Model == model && loaded.Version == version.Version && loaded.Sha256 == version.Artifact.Sha256);

    /// <summary>The workers that have the version loaded, by their device.</summary>
    public IEnumerable<IGrouping<string, WorkerLease>> Holders(string model, PlacedVersion version) => workers.Workers
        .Where(worker => worker.IsReady(model, version.Version, version.Artifact.Sha256)).GroupBy(worker => worker.Device);
}
