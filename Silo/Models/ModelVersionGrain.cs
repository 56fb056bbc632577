using System.Collections.Immutable;
using Platform.Contracts.Models;
using Platform.Core.Models;
using Platform.Core.Results;
using Platform.Silo.Storage;

namespace Platform.Silo.Models;

internal sealed class ModelVersionGrain(
    [PersistentState("version")] IPersistentState<VersionState> stored, TimeProvider clock) : Grain, IModelVersionGrain
{
    private VersionState Current => stored.State;

    /// <summary>Tells the index again, in case a crash came between a write and the telling.</summary>
    public override Task OnActivateAsync(CancellationToken cancellationToken) => Current.Exists ? IndexAsync() : Task.CompletedTask;

    public Task<VersionView> InitialiseAsync(string model, string version, VersionMetadata metadata, string actor)
    {
        var now = clock.GetUtcNow();
        var created = new VersionState { Model = model, Version = version, Metadata = metadata, CreatedBy = actor, CreatedAt = now };
        return SaveAsync(created.Move(VersionStage.Created, now, actor, "Registered."));
    }

    public Task<VersionView?> GetAsync() => Task.FromResult(Current.Exists ? Current.ToView() : null);

    public async Task<Outcome<VersionView>> AttachArtifactAsync(ArtifactInfo artifact, ModelSignature signature)
    {
        if (Current.Artifact is { } present)
        {
            return present.Sha256 == artifact.Sha256
                ? Current.ToView()
                : Refusal.Conflict(
                    $"Version {Current.Version} has an artifact already (sha256 {present.Sha256}) and artifacts never change. Register a new version.");
        }

        return await SaveAsync(Current with
        {
            Artifact = artifact,
            Signature = signature,
            UpdatedAt = clock.GetUtcNow(),
            Revision = Current.Revision + 1,
        });
    }

    public async Task<Outcome<VersionView>> MoveAsync(VersionStage to, LifecyclePolicy policy, string actor, string reason) =>
        Lifecycle.Refuse(Current.Stage, to, policy: policy) is { } refusal
            ? refusal
            : await SaveAsync(Current.Move(to, clock.GetUtcNow(), actor, reason));

    public Task<VersionView> SetDeployedAsync(bool deployed, string actor, string reason)
    {
        var to = deployed ? VersionStage.Deployed : Lifecycle.AfterUndeploy(Current.History);
        return deployed == (Current.Stage is VersionStage.Deployed)
            ? Task.FromResult(Current.ToView())
            : SaveAsync(Current.Move(to, clock.GetUtcNow(), actor, reason));
    }

    public async Task<Outcome<VersionView>> StepValidationAsync(VersionStage to, string run, string actor, string reason)
    {
        var last = Current.History[^1];
        var evidence = new StageEvidence(EvidenceKind.ValidationRun, run);
        if (last.Evidence == evidence && (last.To == to || to is VersionStage.Validating)) return Current.ToView();
        // A hand that took the version out of the run is not to be overruled by the run's next step.
        if (last.Evidence != evidence && (to is not VersionStage.Validating || Current.History.Any(step => step.Evidence == evidence)))
            return Refusal.Conflict($"Version {Current.Version} was moved since run {run} began: {last.By} made it {last.To.Text()}.");
        if (Lifecycle.Refuse(Current.Stage, to, StepCause.Validation) is { } refusal) return refusal;
        return await SaveAsync(Current.Move(to, clock.GetUtcNow(), actor, reason, evidence));
    }

    public async Task<Outcome<VersionView>> ApproveAsync(string approval, string actor, string comment) =>
        Lifecycle.RefuseApproval(Current.Stage, Current.CreatedBy, actor) is { } refusal
            ? refusal
            : await SaveAsync(Current.Move(VersionStage.Staged, clock.GetUtcNow(), actor, comment, new(EvidenceKind.Approval, approval)));

    public Task<ImmutableArray<StageStep>> GetHistoryAsync() => Task.FromResult(Current.History);

    private async Task<VersionView> SaveAsync(VersionState next)
    {
        await stored.WriteAsync(next, DeactivateOnIdle);
        await IndexAsync();
        return Current.ToView();
    }

    private async Task IndexAsync()
    {
        try
        {
            await GrainFactory.GetGrain<IModelIndexGrain>(IModelIndexGrain.Key).PutVersionAsync(Current.ToSummary());
        }
        catch
        {
            // The state is written but the index lacks it; activated anew, the next call tells it first.
            DeactivateOnIdle();
            throw;
        }
    }
}
