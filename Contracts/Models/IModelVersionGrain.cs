using System.Collections.Immutable;
using Orleans.Concurrency;
using Platform.Core.Models;
using Platform.Core.Results;

namespace Platform.Contracts.Models;

/// <summary>
/// One version of a model: metadata, file, stage and history. Key: <c>model@version</c> without build metadata.
/// Only the model's grain calls it, so that a version which the model does not list is not there for anyone.
/// </summary>
[Alias("platform.modelVersion")]
public interface IModelVersionGrain : IGrainWithStringKey
{
    /// <summary>Writes the whole version; what an earlier attempt left that the model never listed is replaced.</summary>
    [Alias("initialise")]
    Task<VersionView> InitialiseAsync(string model, string version, VersionMetadata metadata, string actor);

    [ReadOnly, Alias("get")]
    Task<VersionView?> GetAsync();

    [Alias("attachArtifact")]
    Task<Outcome<VersionView>> AttachArtifactAsync(ArtifactInfo artifact, ModelSignature signature);

    [Alias("move")]
    Task<Outcome<VersionView>> MoveAsync(VersionStage to, LifecyclePolicy policy, string actor, string reason);

    /// <summary>Records that the version is on the workers, or no longer; the model's grain has decided it.</summary>
    [Alias("setDeployed")]
    Task<VersionView> SetDeployedAsync(bool deployed, string actor, string reason);

    /// <summary>Takes the step of a validation run, once; refused when another run or somebody's hand moved the version since.</summary>
    [Alias("stepValidation")]
    Task<Outcome<VersionView>> StepValidationAsync(VersionStage to, string run, string actor, string reason);

    [Alias("approve")]
    Task<Outcome<VersionView>> ApproveAsync(string approval, string actor, string comment);

    [ReadOnly, Alias("history")]
    Task<ImmutableArray<StageStep>> GetHistoryAsync();
}
