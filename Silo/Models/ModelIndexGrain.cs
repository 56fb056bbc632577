using System.Collections.Immutable;
using Platform.Contracts.Models;
using Platform.Core.Models;
using Platform.Core.Models.Search;
using Platform.Core.Results;
using Platform.SharedState.Artifacts;
using Platform.SharedState.Models;

namespace Platform.Silo.Models;

internal sealed partial class ModelIndexGrain(ModelIndexStore store, ArtifactStore artifacts, ILogger<ModelIndexGrain> logger) : Grain, IModelIndexGrain
{
    private readonly RegistryIndex index = new();

    public override async Task OnActivateAsync(CancellationToken cancellationToken)
    {
        foreach (var model in await store.LoadModelsAsync()) index.Put(model);
        foreach (var row in await store.LoadVersionsAsync()) index.Put(row);
    }

    public async Task<ImmutableArray<string>> PutAsync(ModelSummary summary)
    {
        if (index.IsStale(summary)) return [];
        await store.PutAsync(summary);
        index.Put(summary);
        foreach (var row in index.Unlisted(summary.Name))
        {
            // While its file cannot be deleted the row stays, unseen, and the next change of the model tries again.
            if (await TryDeleteArtifactAsync(row)) await ForgetAsync(row);
        }

        return index.Missing(summary.Name);
    }

    public async Task PutVersionAsync(VersionSummary row)
    {
        await store.PutAsync(row);
        index.Put(row);
    }

    public async Task RemoveAsync(string model)
    {
        // The model last: while it is there, a silo that starts wakes the model, which asks for this again.
        foreach (var row in index.Rows(model))
        {
            await TryDeleteArtifactAsync(row);
            await ForgetAsync(row);
        }

        await store.RemoveAsync(model);
        index.Remove(model);
    }

    public Task<Outcome<Page<ModelSummary>>> SearchModelsAsync(SearchQuery query, int pageSize, string? pageToken) =>
        Task.FromResult(RegistrySearch.Models(index.Models, query, pageSize, pageToken));

    public Task<Outcome<Page<VersionSummary>>> SearchVersionsAsync(string? model, SearchQuery query, int pageSize, string? pageToken) =>
        Task.FromResult(RegistrySearch.Versions(model is null ? index.Versions : index.VersionsOf(model), query, pageSize, pageToken));

    public Task<ImmutableArray<VersionSummary>> GetVersionsAsync(string model) =>
        Task.FromResult(index.VersionsOf(model).Select(version => version.Summary).ToImmutableArray());

    private async Task ForgetAsync(VersionSummary row)
    {
        await store.RemoveAsync(row);
        index.Remove(row);
    }

    /// <summary>
    /// Deletes the file of a version that is gone, unless another version has it too. Here, because all that could come
    /// to refer to the file meanwhile has to wait for this very grain; before its row, so that a crash leaves the row to
    /// find the file by.
    /// </summary>
    private async Task<bool> TryDeleteArtifactAsync(VersionSummary row)
    {
        if (row.Sha256 is not { } sha256 || index.IsShared(row)) return true;
        try
        {
            await artifacts.DeleteAsync(sha256, CancellationToken.None);
            LogDeleted(sha256, row.Model, row.Version);
            return true;
        }
        catch (Exception e)
        {
            LogNotDeleted(sha256, row.Model, row.Version, e.Message);
            return false;
        }
    }

    [LoggerMessage(LogLevel.Information, "Artifact {Sha256} was deleted with {Model} {Version}, its last version.")]
    private partial void LogDeleted(string sha256, string model, string version);

    [LoggerMessage(LogLevel.Warning, "Artifact {Sha256} of {Model} {Version} could not be deleted: {Reason}")]
    private partial void LogNotDeleted(string sha256, string model, string version, string reason);
}
