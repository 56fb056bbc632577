using System.Collections.Immutable;
using System.Security.Claims;
using Platform.Api.Access;
using Platform.Api.Conventions;
using Platform.Contracts.Models;
using Platform.Core.Models;
using Platform.Core.Results;

namespace Platform.Api.Tags;

/// <param name="Version">The version that the tag shall stand on.</param>
public sealed record PutTagRequest(string? Version);

public sealed record TagResponse(string Tag, string Version);

/// <param name="Production">What was in production at that moment; null if nothing was.</param>
/// <param name="Tags">Where the other tags stood.</param>
/// <param name="Moves">Every move of production, oldest first.</param>
public sealed record HistoryResponse(
    DateTimeOffset At,
    ProductionPeriod? Production,
    ImmutableSortedDictionary<string, string> Tags,
    ImmutableArray<ProductionMove> Moves,
    ImmutableArray<TagMove> TagMoves);

internal static class TagEndpoints
{
    public static RouteGroupBuilder MapTags(this RouteGroupBuilder v1)
    {
        var group = v1.MapGroup("/models/{model}").WithTags("Tags");
        group.MapGet("/tags", List).RequireAuthorization(Roles.Viewer).Produces<ListResponse<TagResponse>>().ProducesProblem(404);
        group.MapPut("/tags/{tag}", Put).RequireAuthorization(Roles.Operator)
            .Produces<TagResponse>().ProducesProblem(400).ProducesProblem(404).ProducesProblem(409);
        group.MapDelete("/tags/{tag}", Delete).RequireAuthorization(Roles.Operator).Produces(204).ProducesProblem(404).ProducesProblem(409);
        group.MapGet("/history", History).RequireAuthorization(Roles.Viewer).Produces<HistoryResponse>().ProducesProblem(400).ProducesProblem(404);
        return v1;
    }

    private static async Task<IResult> List(string model, IClusterClient cluster)
    {
        var outcome = await cluster.GetGrain<IModelGrain>(model).GetAsync();
        return outcome.Succeeded(out var view, out var refusal)
            ? Results.Ok(new ListResponse<TagResponse>([.. view.Tags.Select(tag => new TagResponse(tag.Key, tag.Value))], null))
            : refusal.ToResult();
    }

    private static async Task<IResult> Put(string model, string tag, PutTagRequest request, IClusterClient cluster, ClaimsPrincipal user)
    {
        if (request.Version is not { Length: > 0 } version) return Refusal.Invalid("version", "Give the version to tag.").ToResult();
        var outcome = await cluster.GetGrain<IModelGrain>(model).SetTagAsync(tag, version, user.ActorName());
        return outcome.Succeeded(out var view, out var refusal) ? Results.Ok(new TagResponse(tag, view.Tags[tag])) : refusal.ToResult();
    }

    private static async Task<IResult> Delete(string model, string tag, IClusterClient cluster, ClaimsPrincipal user)
    {
        var outcome = await cluster.GetGrain<IModelGrain>(model).RemoveTagAsync(tag, user.ActorName());
        return outcome.Refusal is { } refusal ? refusal.ToResult() : Results.NoContent();
    }

    private static async Task<IResult> History(string model, DateTimeOffset? at, IClusterClient cluster)
    {
        var outcome = await cluster.GetGrain<IModelGrain>(model).GetHistoryAsync(at);
        return outcome.Succeeded(out var history, out var refusal)
            ? Results.Ok(new HistoryResponse(history.At, history.Production, history.Tags, history.Moves, history.TagMoves))
            : refusal.ToResult();
    }
}
