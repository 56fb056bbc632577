using System.Collections.Immutable;
using Platform.Contracts.Models;
using Platform.Core.Models;
using Platform.Core.Models.Search;
using Platform.Core.Results;
using Platform.SharedState.Models;

namespace Platform.Silo.Models;

internal sealed class ModelIndexGrain(ModelIndexStore store) : Grain, IModelIndexGrain
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
        foreach (var row in index.Unlisted(summary.Name)) await ForgetAsync(row);
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
        foreach (var row in index.Rows(model)) await ForgetAsync(row);
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
}
