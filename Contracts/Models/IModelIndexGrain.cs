using System.Collections.Immutable;
using Orleans.Concurrency;
using Platform.Core.Models;
using Platform.Core.Models.Search;
using Platform.Core.Results;

namespace Platform.Contracts.Models;

/// <summary>
/// All models and versions in brief, for lists and search. There is one; key: <see cref="Key"/>. It calls no other
/// grain, so that models and versions may call it at any time.
/// </summary>
[Alias("platform.modelIndex")]
public interface IModelIndexGrain : IGrainWithStringKey
{
    const string Key = "models";

    /// <summary>Takes a model's summary; what the model does not list any more is forgotten. Answers the versions that have no row yet.</summary>
    [Alias("put")]
    Task<ImmutableArray<string>> PutAsync(ModelSummary summary);

    /// <summary>Takes a version's row without tags and owner, which come from its model; it is shown once the model lists it.</summary>
    [Alias("putVersion")]
    Task PutVersionAsync(VersionSummary row);

    /// <summary>
    /// Keeps a file from being deleted with the last that has it for an hour: until an upload of it is attached, or a
    /// validation has read it.
    /// </summary>
    [Alias("hold")]
    Task HoldAsync(string sha256);

    /// <summary>Nobody came to have the file after all: it is deleted unless something has it.</summary>
    [Alias("letGo")]
    Task LetGoAsync(string sha256);

    /// <summary>Those of the files that no version and no dataset has.</summary>
    [ReadOnly, Alias("unowned")]
    Task<ImmutableArray<string>> FindUnownedAsync(ImmutableArray<string> files);

    /// <summary>Forgets a model and all its versions.</summary>
    [Alias("remove")]
    Task RemoveAsync(string model);

    [ReadOnly, Alias("searchModels")]
    Task<Outcome<Page<ModelSummary>>> SearchModelsAsync(SearchQuery query, int pageSize, string? pageToken);

    /// <param name="model">Only this model's versions; null for those of all models.</param>
    [ReadOnly, Alias("searchVersions")]
    Task<Outcome<Page<VersionSummary>>> SearchVersionsAsync(string? model, SearchQuery query, int pageSize, string? pageToken);

    /// <summary>All versions of a model.</summary>
    [ReadOnly, Alias("versions")]
    Task<ImmutableArray<VersionSummary>> GetVersionsAsync(string model);
}
