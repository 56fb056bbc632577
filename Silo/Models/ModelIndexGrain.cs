using System.Collections.Immutable;
using Platform.Contracts.Models;
using Platform.Core.Models;
using Platform.SharedState.Models;

namespace Platform.Silo.Models;

internal sealed class ModelIndexGrain(ModelIndexStore store) : Grain, IModelIndexGrain
{
    private ImmutableSortedDictionary<string, ModelSummary> models =
        ImmutableSortedDictionary.Create<string, ModelSummary>(StringComparer.Ordinal);

    public override async Task OnActivateAsync(CancellationToken cancellationToken) =>
        models = (await store.LoadAllAsync()).ToImmutableSortedDictionary(model => model.Name, model => model, StringComparer.Ordinal);

    public async Task PutAsync(ModelSummary summary)
    {
        await store.PutAsync(summary);
        models = models.SetItem(summary.Name, summary);
    }

    public async Task RemoveAsync(string model)
    {
        await store.RemoveAsync(model);
        models = models.Remove(model);
    }

    public Task<Page<ModelSummary>> ListAsync(ModelQuery query)
    {
        // The token is the last name of the page before, so that a model that comes or goes moves no other across pages.
        var page = models.Values
            .Where(model => query.PageToken is null || string.CompareOrdinal(model.Name, query.PageToken) > 0)
            .Where(model => Matches(model, query))
            .Take(query.PageSize + 1)
            .ToImmutableArray();
        return Task.FromResult(page.Length > query.PageSize
            ? new Page<ModelSummary>(page[..query.PageSize], page[query.PageSize - 1].Name)
            : new Page<ModelSummary>(page, null));
    }

    private static bool Matches(ModelSummary model, ModelQuery query) =>
        (query.Text is null || TextsOf(model).Any(text => text.Contains(query.Text, StringComparison.OrdinalIgnoreCase)))
        && (query.LabelKey is null
            || (model.Metadata.Labels.TryGetValue(query.LabelKey, out var value) && (query.LabelValue is null || value == query.LabelValue)));

    private static string[] TextsOf(ModelSummary model) =>
        [model.Name, model.Metadata.Description, model.Metadata.Owner, model.Metadata.Task];
}
