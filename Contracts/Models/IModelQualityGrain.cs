using System.Collections.Immutable;
using Orleans.Concurrency;
using Platform.Core.Models;
using Platform.Core.Models.Datasets;
using Platform.Core.Models.Gates;
using Platform.Core.Models.Validations;
using Platform.Core.Results;

namespace Platform.Contracts.Models;

/// <summary>What the model's grain knows of quality: its gates, datasets, validations and approvals. Key: the model's name.</summary>
[Alias("platform.modelQuality")]
public interface IModelQualityGrain : IGrainWithStringKey
{
    [ReadOnly, Alias("getGates")]
    Task<Outcome<GatesView>> GetGatesAsync();

    [Alias("setGates")]
    Task<Outcome<GatesView>> SetGatesAsync(ImmutableArray<Gate> gates, long? expectedRevision);

    [ReadOnly, Alias("listDatasets")]
    Task<Outcome<DatasetsView>> ListDatasetsAsync();

    /// <summary>Null if the model may have a dataset of that name; asked before an upload, so that a wrong name costs no transfer.</summary>
    [ReadOnly, Alias("refuseDataset")]
    Task<Refusal?> RefuseDatasetAsync(string name);

    /// <summary>Registers an upload; what had the name before is replaced. Runs that began keep what they began with.</summary>
    [Alias("putDataset")]
    Task<Outcome<DatasetInfo>> PutDatasetAsync(DatasetInfo dataset);

    /// <summary>Forgets a dataset; its bytes go unless another has them. Runs that began keep what they began with.</summary>
    [Alias("removeDataset")]
    Task<Outcome<DatasetInfo>> RemoveDatasetAsync(string name);

    /// <summary>Begins a run. Without a dataset's name, the model's only dataset is taken, or none if it has none.</summary>
    [Alias("beginValidation")]
    Task<Outcome<ValidationRun>> BeginValidationAsync(string version, string? dataset, string actor);

    /// <summary>Takes the step that a run stands for; it may be repeated. For the run's own grain.</summary>
    [Alias("stepValidation")]
    Task<Outcome<VersionView>> StepValidationAsync(ValidationRun run);

    [Alias("approve")]
    Task<Outcome<VersionView>> ApproveAsync(string version, string comment, string actor);
}

/// <param name="Revision">The model's; gates are a part of it.</param>
public sealed record GatesView(ImmutableArray<Gate> Gates, long Revision);

public sealed record DatasetsView(ImmutableArray<DatasetInfo> Datasets);
