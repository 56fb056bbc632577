using System.Security.Claims;
using Platform.Api.Access;
using Platform.Api.Inference.Protocol;
using Platform.Contracts.Models;
using Platform.Core.Models.Search;
using Platform.Core.Serving;
using Row = Platform.Api.Inference.Protocol.RepositoryIndexResponse.Types.ModelIndex;

namespace Platform.Api.Inference.Repository;

/// <summary>Every model of the registry, with the state of each version that a plan holds.</summary>
internal sealed class RepositoryIndex(IClusterClient cluster, ServedModels models)
{
    private const string Ready = "READY";
    private const string Unavailable = "UNAVAILABLE";
    private const int PageSize = 500;

    /// <param name="onlyReady">Leaves out what cannot answer now.</param>
    /// <param name="caller">Who is told of no other models than those that the key reaches.</param>
    public async Task<RepositoryIndexResponse> ListAsync(bool onlyReady, ClaimsPrincipal caller)
    {
        var response = new RepositoryIndexResponse();
        var plans = models.Plans.ToDictionary(plan => plan.Model);
        await foreach (var name in NamesAsync())
        {
            if (!caller.MayUse(name)) continue;
            var rows = plans.TryGetValue(name, out var plan) ? Rows(plan) : [new Row { Name = name }];
            response.Models.AddRange(rows.Where(row => !onlyReady || row.State == Ready));
        }

        return response;
    }

    private async IAsyncEnumerable<string> NamesAsync()
    {
        var index = cluster.GetGrain<IModelIndexGrain>(IModelIndexGrain.Key);
        string? token = null;
        do
        {
            var outcome = await index.SearchModelsAsync(new SearchQuery(), PageSize, token);
            var page = outcome.Value ?? throw new InvalidOperationException(outcome.Refusal!.Detail);
            foreach (var model in page.Items) yield return model.Name;
            token = page.NextPageToken;
        }
        while (token is not null);
    }

    /// <summary>A model that has a plan without versions was put to work once.</summary>
    private IEnumerable<Row> Rows(ModelPlan plan) => plan.Versions.IsEmpty
        ? [new Row { Name = plan.Model, State = Unavailable, Reason = "unloaded" }]
        : plan.Versions.Select(version => ToRow(plan.Model, version));

    private Row ToRow(string model, PlacedVersion version)
    {
        var states = models.OnWorkers(model, version).ToArray();
        var (state, reason) = states switch
        {
            _ when models.IsVersionReady(model, version) => (Ready, ""),
            _ when Array.Exists(states, loaded => loaded.State == LoadState.Loading) => ("LOADING", ""),
            _ when Array.Find(states, loaded => loaded.State == LoadState.Failed) is { } failed => (Unavailable, failed.Reason ?? ""),
            _ when Array.Exists(states, loaded => loaded.State == LoadState.Unloading) => ("UNLOADING", ""),
            _ => (Unavailable, "no worker holds it"),
        };
        return new Row { Name = model, Version = models.NameOf(model, version.Version), State = state, Reason = reason };
    }
}
