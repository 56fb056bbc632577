using System.Collections.Immutable;
using Orleans.Concurrency;
using Platform.Core.Models;
using Platform.Core.Models.Retention;
using Platform.Core.Results;
using Platform.Core.Serving;

namespace Platform.Contracts.Models;

/// <summary>
/// A model: its metadata, the list of its versions, what is deployed and its live plan. Key: the model's name.
/// The single writer of the plan. Where a call takes a version, it takes a selector: an exact version, a range or a tag
/// (<see cref="VersionSelector"/>), of which the highest match is meant.
/// </summary>
[Alias("platform.model")]
public interface IModelGrain : IGrainWithStringKey
{
    [Alias("create")]
    Task<Outcome<ModelView>> CreateAsync(ModelMetadata metadata, LifecyclePolicy policy, string actor);

    [ReadOnly, Alias("get")]
    Task<Outcome<ModelView>> GetAsync();

    [Alias("update")]
    Task<Outcome<ModelView>> UpdateAsync(ModelPatch patch, long? expectedRevision);

    /// <summary>Refused while anything is deployed. The numbers of its versions are never given again.</summary>
    [Alias("delete")]
    Task<Outcome<ModelView>> DeleteAsync(long? expectedRevision);

    [Alias("registerVersion")]
    Task<Outcome<VersionView>> RegisterVersionAsync(string version, VersionMetadata metadata, string actor);

    [ReadOnly, Alias("getVersion")]
    Task<Outcome<VersionView>> GetVersionAsync(string version);

    [ReadOnly, Alias("listVersions")]
    Task<ImmutableArray<VersionView>> ListVersionsAsync();

    /// <summary>Gives a version its file. The same file again is no change; another one is refused.</summary>
    [Alias("attachArtifact")]
    Task<Outcome<VersionView>> AttachArtifactAsync(string version, ArtifactInfo artifact, ModelSignature signature);

    /// <summary>Moves a version by hand along its lifecycle.</summary>
    [Alias("moveVersion")]
    Task<Outcome<VersionView>> MoveVersionAsync(string version, VersionStage to, string actor, string reason);

    [ReadOnly, Alias("versionHistory")]
    Task<ImmutableArray<StageStep>> GetVersionHistoryAsync(string version);

    /// <summary>Puts a tag on a version; refused for production, which moves by deployment, rollout or rollback only.</summary>
    [Alias("setTag")]
    Task<Outcome<ModelView>> SetTagAsync(string tag, string version, string actor);

    [Alias("removeTag")]
    Task<Outcome<ModelView>> RemoveTagAsync(string tag, string actor);

    /// <summary>What was where at that moment; null means now.</summary>
    [ReadOnly, Alias("history")]
    Task<Outcome<HistoryView>> GetHistoryAsync(DateTimeOffset? at);

    /// <summary>
    /// Sends traffic back to an earlier production version: at once when workers still hold it, else as soon as they
    /// do. Refused when callers of the present version could not use the earlier one, unless <paramref name="force"/>.
    /// </summary>
    [Alias("rollback")]
    Task<Outcome<Deployment>> RollBackAsync(string? to, string reason, bool force, string actor);

    /// <summary>
    /// Has workers load a version; once those that should hold it are ready, all traffic goes to it. Answers at once;
    /// <see cref="GetDeploymentAsync"/> tells how it goes. One at a time.
    /// </summary>
    [Alias("beginDeploy")]
    Task<Outcome<Deployment>> BeginDeployAsync(string version, DeploymentConfig config, string actor);

    [ReadOnly, Alias("getDeployment")]
    Task<Outcome<Deployment>> GetDeploymentAsync(long id);

    /// <summary>Takes a version off the workers. Without a version in production the model answers no unversioned request.</summary>
    [Alias("undeploy")]
    Task<Outcome<ModelView>> UndeployAsync(string version, string actor);

    [ReadOnly, Alias("getRetention")]
    Task<Outcome<RetentionView>> GetRetentionAsync();

    /// <summary>From now on a clean-up runs daily, if the policy has a rule.</summary>
    [Alias("setRetention")]
    Task<Outcome<RetentionView>> SetRetentionAsync(RetentionPolicy policy, long? expectedRevision);

    /// <summary>Removes what the policy does not keep, with the files that no other version has; a dry run only says what.</summary>
    [Alias("cleanUp")]
    Task<Outcome<RetentionPlan>> CleanUpAsync(bool dryRun, string actor);

    /// <summary>What clean-ups removed, oldest first.</summary>
    [ReadOnly, Alias("listRemoved")]
    Task<Outcome<RemovedVersionsView>> ListRemovedAsync(int skip, int count);

    /// <summary>Publishes the plan again if it is not what Redis has: the mend for a silo that died between write and announcement.</summary>
    [Alias("reconcile")]
    Task ReconcileAsync();
}

/// <param name="Revision">The model's; its policy is a part of it.</param>
public sealed record RetentionView(RetentionPolicy Policy, long Revision);
