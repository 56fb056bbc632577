using System.Collections.Immutable;
using Microsoft.Extensions.Options;
using Platform.Contracts.Models;
using Platform.Core.Models;
using Platform.Core.Results;
using Platform.Core.Serving;
using Platform.SharedState.Plans;
using Platform.SharedState.Quality;
using Platform.SharedState.Workers;
using Platform.Silo.Storage;

namespace Platform.Silo.Models;

/// <summary>
/// The registry's part. Tags are in ModelGrain.Tags.cs, ranges and tags as names of versions in ModelGrain.Selection.cs,
/// what puts versions to work in ModelGrain.Deployment.cs, what clears them away in ModelGrain.Retention.cs,
/// what rollouts and experiments ask of it in ModelGrain.Rollouts.cs and ModelGrain.Experiments.cs, and batch jobs in ModelGrain.Jobs.cs.
/// </summary>
internal sealed partial class ModelGrain(
    [PersistentState("model")] IPersistentState<ModelState> stored,
    PlanStore plans,
    WorkerDirectory directory,
    FeedbackStore feedback,
    IOptions<DeploymentOptions> options,
    TimeProvider clock,
    ILogger<ModelGrain> logger) : Grain, IModelGrain
{
    private long announced;
    private long announcedPlan;

    private ModelState Current => stored.State;

    private string Name => this.GetPrimaryKeyString();

    public override Task OnActivateAsync(CancellationToken cancellationToken)
    {
        // A silo that died between writing and announcing left work undone; the first tick does it.
        if (Current.Revision > 0) StartTicking();
        return Task.CompletedTask;
    }

    public async Task<Outcome<ModelView>> CreateAsync(ModelMetadata metadata, LifecyclePolicy policy, string actor)
    {
        if (Current.Exists) return Refusal.Conflict($"There is a model named {Name} already.");
        if (MetadataRules.Refuse(metadata) is { } refusal) return refusal;
        var now = clock.GetUtcNow();
        return await SaveAndViewAsync((Current with { Metadata = metadata, Policy = policy, CreatedBy = actor, CreatedAt = now }).Changed(now));
    }

    public Task<Outcome<ModelView>> GetAsync() =>
        Task.FromResult<Outcome<ModelView>>(Current.Exists ? Current.ToView(Name) : Unknown());

    public async Task<Outcome<ModelView>> UpdateAsync(ModelPatch patch, long? expectedRevision)
    {
        if (Refuse(expectedRevision) is { } refusal) return refusal;
        var old = Current.Metadata!;
        var metadata = new ModelMetadata(
            patch.Description ?? old.Description, patch.Owner ?? old.Owner, patch.Task ?? old.Task, patch.Labels ?? old.Labels);
        if (MetadataRules.Refuse(metadata) is { } invalid) return invalid;
        return await SaveAndViewAsync((Current with { Metadata = metadata, Policy = patch.Policy ?? Current.Policy }).Changed(clock.GetUtcNow()));
    }

    public async Task<Outcome<ModelView>> DeleteAsync(long? expectedRevision)
    {
        if (Refuse(expectedRevision) is { } refusal) return refusal;
        if (Current.Loading is { } loading) return Refusal.Conflict($"Version {loading.Version} is being deployed.");
        if (!Current.Holds.IsEmpty) return Refusal.Conflict($"{Current.Holds.Length} job(s) run on versions of {Name}. Wait for them, or cancel them.");
        if (!Current.Placed.IsEmpty)
        {
            var deployed = string.Join(", ", Current.Placed.Select(placed => placed.Version));
            return Refusal.Conflict($"Versions {deployed} of {Name} are deployed. Undeploy them first.");
        }

        var last = Current.ToView(Name);
        await SaveAsync(new ModelState
        {
            RemovedVersions = [.. Current.RemovedVersions, .. Current.Versions],
            Removals = Current.Removals,
            PlanRevision = Current.PlanRevision + 1,
            Revision = Current.Revision + 1,
        });
        return last;
    }

    public async Task<Outcome<VersionView>> RegisterVersionAsync(string version, VersionMetadata metadata, string actor)
    {
        if (!Current.Exists) return Unknown();
        if (!VersionNumber.TryParse(version, out _)) return Refusal.Invalid("version", VersionNumber.Rule);
        if (MetadataRules.Refuse(metadata) is { } invalid) return invalid;
        if (Current.FindVersion(version) is { } taken) return Refusal.Conflict($"{Name} has version {taken} already; build metadata does not distinguish versions.");
        if (Current.WasRemoved(version)) return Refusal.Conflict($"{Name} had a version {version} once, and a number is never given twice.");
        if (metadata.Parent is { } parent && Current.FindVersion(parent) is null) return Refusal.Invalid("parent", $"{Name} has no version {parent}.");

        // The version is written whole before the model lists it, so that a crash between the two leaves it absent.
        var view = await Version(version).InitialiseAsync(Name, version, metadata, actor);
        await SaveAndViewAsync((Current with { Versions = Current.Versions.Add(version) }).Changed(clock.GetUtcNow()));
        return view;
    }

    public async Task<Outcome<VersionView>> GetVersionAsync(string version)
    {
        if (!Resolve(version).Succeeded(out var known, out var refusal)) return refusal;
        return WithTags((await Version(known).GetAsync())!);
    }

    public async Task<ImmutableArray<VersionView>> ListVersionsAsync()
    {
        var views = await Task.WhenAll(Current.Versions.Select(version => Version(version).GetAsync()));
        return [.. views.Select(view => WithTags(view!))];
    }

    public Task<Outcome<VersionView>> AttachArtifactAsync(string version, ArtifactInfo artifact, ModelSignature signature) =>
        OnVersionAsync(version, grain => grain.AttachArtifactAsync(artifact, signature));

    public Task<Outcome<VersionView>> MoveVersionAsync(string version, VersionStage to, string actor, string reason) =>
        OnVersionAsync(version, grain => grain.MoveAsync(to, Current.Policy, actor, reason));

    public async Task<ImmutableArray<StageStep>> GetVersionHistoryAsync(string version) =>
        Resolve(version).Value is { } known ? await Version(known).GetHistoryAsync() : [];

    private IModelIndexGrain Index => GrainFactory.GetGrain<IModelIndexGrain>(IModelIndexGrain.Key);

    private IModelVersionGrain Version(string version) =>
        GrainFactory.GetGrain<IModelVersionGrain>($"{Name}@{VersionNumber.Canonical(version)}");

    private async Task<Outcome<VersionView>> OnVersionAsync(
        string version, Func<IModelVersionGrain, Task<Outcome<VersionView>>> command)
    {
        if (!Resolve(version).Succeeded(out var known, out var refusal)) return refusal;
        var outcome = await command(Version(known));
        return outcome.Value is { } view ? WithTags(view) : outcome;
    }

    private VersionView WithTags(VersionView view) =>
        view with { Tags = [.. Current.Tags.Where(tag => tag.Value == view.Version).Select(tag => tag.Key)] };

    private Refusal Unknown() => Refusal.NotFound($"There is no model named {Name}.");

    private Refusal? Refuse(long? expectedRevision)
    {
        if (!Current.Exists) return Unknown();
        return expectedRevision is { } expected && expected != Current.Revision
            ? new Refusal(RefusalReason.PreconditionFailed, $"{Name} is at etag \"{Current.Revision}\", not \"{expected}\". Read it again.")
            : null;
    }

    private async Task<ModelView> SaveAndViewAsync(ModelState next)
    {
        await SaveAsync(next);
        return Current.ToView(Name);
    }

    /// <summary>Writes the state, then tells the index and the followers of the plan; a tick repeats the telling if it fails.</summary>
    private async Task SaveAsync(ModelState next)
    {
        await stored.WriteAsync(next, DeactivateOnIdle);
        StartTicking();
        await AnnounceAsync();
    }

    private async Task AnnounceAsync()
    {
        // Traffic first, lists second.
        if (announcedPlan < Current.PlanRevision)
        {
            if (Current.Exists) await plans.PublishAsync(Current.ToPlan(Name));
            else await plans.RemoveAsync(Name);
            announcedPlan = Current.PlanRevision;
        }

        if (Current.Exists) await IndexAsync();
        else await Index.RemoveAsync(Name);
        announced = Current.Revision;
    }

    private async Task IndexAsync()
    {
        // A version that is activated puts its own row, so asking for it is all that a missing row needs.
        foreach (var version in await Index.PutAsync(Current.ToSummary(Name))) await Version(version).GetAsync();
    }
}
