using System.Security.Claims;
using Platform.Api.Access;
using Platform.Api.Conventions;
using Platform.Contracts.Models;
using Platform.Core.Batching;
using Platform.Core.Models;
using Platform.Core.Models.Search;
using Platform.Core.Results;

namespace Platform.Api.Versions;

internal static class VersionEndpoints
{
    private const int MaxReasonLength = 1_000;

    public static RouteGroupBuilder MapVersions(this RouteGroupBuilder v1)
    {
        var versions = v1.MapGroup("/models/{model}/versions").WithTags("Versions");
        versions.MapPost("/", Register).RequireAuthorization(Roles.Operator)
            .Produces<VersionResponse>(201).ProducesProblem(400).ProducesProblem(404).ProducesProblem(409);
        versions.MapGet("/", List).RequireAuthorization(Roles.Viewer)
            .Produces<ListResponse<VersionSummary>>().ProducesProblem(400).ProducesProblem(404);
        versions.MapGet("/{version}", Get).RequireAuthorization(Roles.Viewer).Produces<VersionResponse>().ProducesProblem(404);
        versions.MapGet("/{version}/history", History).RequireAuthorization(Roles.Viewer)
            .Produces<VersionHistoryResponse>().ProducesProblem(404);
        versions.MapGet("/{version}/profile", ProfileEndpoint.Get).RequireAuthorization(Roles.Viewer)
            .Produces<BatchProfile>().ProducesProblem(404).ProducesProblem(503);
        versions.MapPost("/{version}/stage", Move).RequireAuthorization(Roles.Operator)
            .Produces<VersionResponse>().ProducesProblem(400).ProducesProblem(404).ProducesProblem(409);
        v1.MapGet("/versions", ListAll).WithTags("Versions").RequireAuthorization(Roles.Viewer)
            .Produces<ListResponse<VersionSummary>>().ProducesProblem(400);
        return v1;
    }

    [Idempotent]
    private static async Task<IResult> Register(
        string model, RegisterVersionRequest request, IClusterClient cluster, ClaimsPrincipal user, HttpResponse response)
    {
        var outcome = await cluster.GetGrain<IModelGrain>(model)
            .RegisterVersionAsync(request.Version ?? "", request.ToMetadata(), user.ActorName());
        if (!outcome.Succeeded(out var version, out var refusal)) return refusal.ToResult();
        response.Headers.ETag = Etags.Format(version.Revision);
        return Results.Created($"/v1/models/{model}/versions/{Uri.EscapeDataString(version.Version)}", VersionResponse.From(version));
    }

    private static async Task<IResult> List(
        string model, HttpRequest http, IClusterClient cluster, int? page_size, string? page_token)
    {
        var unknown = (await cluster.GetGrain<IModelGrain>(model).GetAsync()).Refusal;
        return unknown is null ? await SearchAsync(model, http, cluster, page_size, page_token) : unknown.ToResult();
    }

    private static Task<IResult> ListAll(HttpRequest http, IClusterClient cluster, int? page_size, string? page_token) =>
        SearchAsync(model: null, http, cluster, page_size, page_token);

    private static async Task<IResult> SearchAsync(
        string? model, HttpRequest http, IClusterClient cluster, int? pageSize, string? pageToken) =>
        Listing.Read(http, SearchTarget.Versions, pageSize, pageToken).Succeeded(out var listing, out var refusal)
            ? Listing.Answer(
                await cluster.GetGrain<IModelIndexGrain>(IModelIndexGrain.Key)
                    .SearchVersionsAsync(model, listing.Query, listing.PageSize, listing.PageToken),
                version => version)
            : refusal.ToResult();

    private static async Task<IResult> Get(string model, string version, IClusterClient cluster, HttpResponse response) =>
        Answer(await cluster.GetGrain<IModelGrain>(model).GetVersionAsync(version), response);

    private static async Task<IResult> History(string model, string version, IClusterClient cluster)
    {
        var grain = cluster.GetGrain<IModelGrain>(model);
        return (await grain.GetVersionAsync(version)).Refusal is { } refusal
            ? refusal.ToResult()
            : Results.Ok(new VersionHistoryResponse(await grain.GetVersionHistoryAsync(version)));
    }

    private static async Task<IResult> Move(
        string model, string version, MoveVersionRequest request, IClusterClient cluster, ClaimsPrincipal user, HttpResponse response)
    {
        if (request.To is not { } to) return Refusal.Invalid("to", "Give the stage to move to.").ToResult();
        if (request.Reason is not { Length: > 0 and <= MaxReasonLength } reason)
            return Refusal.Invalid("reason", $"Say why, in 1 to {MaxReasonLength} characters.").ToResult();
        return Answer(await cluster.GetGrain<IModelGrain>(model).MoveVersionAsync(version, to, user.ActorName(), reason), response);
    }

    private static IResult Answer(Outcome<VersionView> outcome, HttpResponse response)
    {
        if (!outcome.Succeeded(out var version, out var refusal)) return refusal.ToResult();
        response.Headers.ETag = Etags.Format(version.Revision);
        return Results.Ok(VersionResponse.From(version));
    }
}
