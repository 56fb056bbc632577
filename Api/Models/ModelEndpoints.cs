using System.Security.Claims;
using Platform.Api.Access;
using Platform.Api.Conventions;
using Platform.Contracts.Models;
using Platform.Core.Models;
using Platform.Core.Models.Search;
using Platform.Core.Results;

namespace Platform.Api.Models;

internal static class ModelEndpoints
{
    public static RouteGroupBuilder MapModels(this RouteGroupBuilder v1)
    {
        var models = v1.MapGroup("/models").WithTags("Models");
        models.MapPost("/", Create).RequireAuthorization(Roles.Operator)
            .Produces<ModelResponse>(201).ProducesProblem(400).ProducesProblem(409);
        models.MapGet("/", List).RequireAuthorization(Roles.Viewer).Produces<ListResponse<ModelListItem>>().ProducesProblem(400);
        models.MapGet("/{model}", Get).RequireAuthorization(Roles.Viewer).Produces<ModelResponse>().ProducesProblem(404);
        models.MapPatch("/{model}", Update).RequireAuthorization(Roles.Operator)
            .Produces<ModelResponse>().ProducesProblem(400).ProducesProblem(404).ProducesProblem(412);
        models.MapDelete("/{model}", Delete).RequireAuthorization(Roles.Operator)
            .Produces(204).ProducesProblem(404).ProducesProblem(409).ProducesProblem(412);
        return v1;
    }

    [Idempotent]
    private static async Task<IResult> Create(CreateModelRequest request, IClusterClient cluster, ClaimsPrincipal user, HttpResponse response)
    {
        if (request.Name is not { } name || !Names.IsValid(name)) return Refusal.Invalid("name", Names.Rule).ToResult();
        var outcome = await cluster.GetGrain<IModelGrain>(name).CreateAsync(
            request.ToMetadata(), request.Policy ?? LifecyclePolicy.None, user.ActorName());
        return outcome.Succeeded(out var model, out var refusal)
            ? Answer(model, response, body => Results.Created($"/v1/models/{model.Name}", body))
            : refusal.ToResult();
    }

    private static async Task<IResult> List(HttpRequest http, IClusterClient cluster, int? page_size, string? page_token) =>
        Listing.Read(http, SearchTarget.Models, page_size, page_token).Succeeded(out var listing, out var refusal)
            ? Listing.Answer(
                await cluster.GetGrain<IModelIndexGrain>(IModelIndexGrain.Key)
                    .SearchModelsAsync(listing.Query, listing.PageSize, listing.PageToken),
                ModelListItem.From)
            : refusal.ToResult();

    private static async Task<IResult> Get(string model, IClusterClient cluster, HttpResponse response) =>
        Answer(await cluster.GetGrain<IModelGrain>(model).GetAsync(), response);

    private static async Task<IResult> Update(
        string model, UpdateModelRequest request, IClusterClient cluster, HttpRequest http, HttpResponse response)
    {
        if (!Etags.TryReadIfMatch(http, out var revision, out var refusal)) return refusal!.ToResult();
        var patch = new ModelPatch(request.Description, request.Owner, request.Task, request.Labels, request.Policy);
        return Answer(await cluster.GetGrain<IModelGrain>(model).UpdateAsync(patch, revision), response);
    }

    private static async Task<IResult> Delete(string model, IClusterClient cluster, HttpRequest http)
    {
        if (!Etags.TryReadIfMatch(http, out var revision, out var invalid)) return invalid!.ToResult();
        var outcome = await cluster.GetGrain<IModelGrain>(model).DeleteAsync(revision);
        return outcome.Refusal is { } refusal ? refusal.ToResult() : Results.NoContent();
    }

    private static IResult Answer(Outcome<ModelView> outcome, HttpResponse response) =>
        outcome.Succeeded(out var model, out var refusal) ? Answer(model, response, Results.Ok) : refusal.ToResult();

    private static IResult Answer(ModelView model, HttpResponse response, Func<ModelResponse, IResult> result)
    {
        response.Headers.ETag = Etags.Format(model.Revision);
        return result(ModelResponse.From(model));
    }
}
