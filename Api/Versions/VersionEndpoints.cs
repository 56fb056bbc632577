using System.Security.Claims;
using Platform.Api.Access;
using Platform.Api.Conventions;
using Platform.Contracts.Models;
using Platform.Core.Batching;
using Platform.Core.Models;
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
            .Produces<ListResponse<VersionResponse>>().ProducesProblem(400).ProducesProblem(404);
        versions.MapGet("/{version}", Get).RequireAuthorization(Roles.Viewer).Produces<VersionResponse>().ProducesProblem(404);
        versions.MapGet("/{version}/history", History).RequireAuthorization(Roles.Viewer)
            .Produces<VersionHistoryResponse>().ProducesProblem(404);
        versions.MapGet("/{version}/profile", ProfileEndpoint.Get).RequireAuthorization(Roles.Viewer)
            .Produces<BatchProfile>().ProducesProblem(404).ProducesProblem(503);
        versions.MapPost("/{version}/stage", Move).RequireAuthorization(Roles.Operator)
            .Produces<VersionResponse>().ProducesProblem(400).ProducesProblem(404).ProducesProblem(409);
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
        string model, IClusterClient cluster, string? stage, string? tag, int? page_size, string? page_token)
    {
        if (Paging.Refuse(page_size, page_token) is { } refusal) return refusal.ToResult();
        if (stage is not null && !Enum.TryParse<VersionStage>(stage, ignoreCase: true, out _))
            return Refusal.Invalid("stage", $"Give one of {string.Join(", ", Enum.GetNames<VersionStage>()).ToLowerInvariant()}.").ToResult();
        var grain = cluster.GetGrain<IModelGrain>(model);
        if ((await grain.GetAsync()).Refusal is { } unknown) return unknown.ToResult();
        var after = Paging.Decode(page_token);
        if (after is not null && !VersionNumber.TryParse(after, out _)) return Paging.InvalidToken.ToResult();
        var size = page_size ?? Paging.DefaultSize;
        var found = (await grain.ListVersionsAsync())
            .Where(version => stage is null || version.Stage.ToString().Equals(stage, StringComparison.OrdinalIgnoreCase))
            .Where(version => tag is null || version.Tags.Contains(tag))
            .OrderBy(version => version.Version, Comparer<string>.Create(VersionNumber.Compare))
            .Where(version => after is null || VersionNumber.Compare(version.Version, after) > 0)
            .Take(size + 1)
            .Select(VersionResponse.From)
            .ToArray();
        return Results.Ok(found.Length > size
            ? new ListResponse<VersionResponse>([.. found[..size]], Paging.Encode(found[size - 1].Version))
            : new ListResponse<VersionResponse>([.. found], null));
    }

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
