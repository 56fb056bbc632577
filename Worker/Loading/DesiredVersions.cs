using System.Collections.Immutable;
using Platform.Core.Serving;
using Platform.Worker.Serving;

namespace Platform.Worker.Loading;

/// <summary>A version that this worker should have.</summary>
/// <param name="LoadsHere">
/// False when other workers are to hold it but are not all ready: then it is kept if it is here, and not loaded.
/// </param>
internal sealed record DesiredVersion(VersionId Id, PlacedVersion Placed, bool LoadsHere);

internal static class DesiredVersions
{
    /// <summary>What the plans ask of the worker <paramref name="self"/>, given who else is alive.</summary>
    public static ImmutableArray<DesiredVersion> Of(string self, IEnumerable<ModelPlan> plans, IReadOnlyCollection<WorkerLease> workers)
    {
        var others = workers.Where(worker => worker.Id != self && !worker.Draining).ToDictionary(worker => worker.Id);
        return
        [
            .. plans
                .SelectMany(plan => plan.Loaded, (plan, placed) => Decide(self, plan.Model, placed, others))
                .OfType<DesiredVersion>()
                .DistinctBy(wish => wish.Id)
                .OrderBy(wish => wish.Id.Model, StringComparer.Ordinal)
                .ThenBy(wish => wish.Id.Version, StringComparer.Ordinal),
        ];
    }

    private static DesiredVersion? Decide(string self, string model, PlacedVersion placed, Dictionary<string, WorkerLease> others)
    {
        var chosen = Placement.Choose(model, placed.Version, placed.Config.Replicas, others.Keys.Append(self));
        if (chosen.Contains(self)) return new(VersionId.Of(model, placed), placed, LoadsHere: true);
        // Who gives a version up before its heirs are ready leaves a moment in which nobody answers for it.
        var isCovered = chosen.All(id => others[id].IsReady(model, placed.Version, placed.Artifact.Sha256));
        return isCovered ? null : new(VersionId.Of(model, placed), placed, LoadsHere: false);
    }
}
