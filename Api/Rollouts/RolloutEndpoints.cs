using System.Security.Claims;
using Platform.Api.Access;
using Platform.Api.Conventions;
using Platform.Contracts.Models;
using Platform.Contracts.Rollouts;
using Platform.Core.Results;
using Platform.Core.Rollouts;

namespace Platform.Api.Rollouts;

internal static class RolloutEndpoints
{
    private const int MaxReasonLength = 1_000;

    public static RouteGroupBuilder MapRollouts(this RouteGroupBuilder v1)
    {
        var group = v1.MapGroup("/models/{model}/rollouts").WithTags("Rollouts");
        group.MapPost("", Begin).RequireAuthorization(Roles.Operator)
            .Produces<RolloutResponse>(201).ProducesProblem(400).ProducesProblem(404).ProducesProblem(409);
        group.MapGet("", List).RequireAuthorization(Roles.Viewer).Produces<ListResponse<RolloutResponse>>().ProducesProblem(404);
        group.MapGet("/{id}", Get).RequireAuthorization(Roles.Viewer).Produces<RolloutResponse>().ProducesProblem(404);
        group.MapGet("/{id}/events", RolloutEvents.Stream).RequireAuthorization(Roles.Viewer).Produces(200, contentType: "text/event-stream").ProducesProblem(404);
        group.MapGet("/{id}/plot.svg", Plot).RequireAuthorization(Roles.Viewer).Produces(200, contentType: "image/svg+xml").ProducesProblem(404);
        foreach (var command in Enum.GetValues<RolloutCommand>())
        {
            group.MapPost($"/{{id}}/{command.ToString().ToLowerInvariant()}", (string model, string id, RolloutCommandRequest request, IClusterClient cluster, ClaimsPrincipal user) =>
                    TellAsync(command, model, id, request, cluster, user))
                .RequireAuthorization(Roles.Operator).Produces<RolloutResponse>().ProducesProblem(400).ProducesProblem(404).ProducesProblem(409);
        }

        return v1;
    }

    /// <summary>The rollout's grain, or null for an id that none can have, which would only leave an empty activation behind.</summary>
    internal static IRolloutGrain? Find(IClusterClient cluster, string model, string id) =>
        Guid.TryParseExact(id, "n", out _) ? cluster.GetGrain<IRolloutGrain>($"{model}/{id}") : null;

    internal static Refusal Unknown(string model, string id) => Refusal.NotFound($"{model} has no rollout {id}.");

    [Idempotent]
    private static async Task<IResult> Begin(string model, RolloutRequest request, IClusterClient cluster, ClaimsPrincipal user)
    {
        var outcome = await cluster.GetGrain<IModelRolloutGrain>(model).BeginRolloutAsync(request, user.ActorName());
        return outcome.Succeeded(out var rollout, out var refusal)
            ? Results.Created($"/v1/models/{model}/rollouts/{rollout.Id}", RolloutResponse.Of(rollout, null))
            : refusal.ToResult();
    }

    private static async Task<IResult> List(string model, int? page_size, string? page_token, IClusterClient cluster)
    {
        if (Paging.Refuse(page_size, page_token) is { } invalid) return invalid.ToResult();
        var outcome = await cluster.GetGrain<IModelRolloutGrain>(model).ListRolloutsAsync();
        if (!outcome.Succeeded(out var known, out var refusal)) return refusal.ToResult();
        var from = Paging.Decode(page_token) is { } after ? known.Ids.IndexOf(after) + 1 : 0;
        if (from == 0 && page_token is not null) return Paging.InvalidToken.ToResult();
        var page = known.Ids.Skip(from).Take(page_size ?? Paging.DefaultSize).ToArray();
        var views = await Task.WhenAll(page.Select(id => cluster.GetGrain<IRolloutGrain>($"{model}/{id}").GetAsync()));
        var next = from + page.Length < known.Ids.Length ? Paging.Encode(page[^1]) : null;
        return Results.Ok(new ListResponse<RolloutResponse>([.. views.OfType<RolloutView>().Select(RolloutResponse.Of)], next));
    }

    private static async Task<IResult> Get(string model, string id, IClusterClient cluster) =>
        Find(cluster, model, id) is { } grain && await grain.GetAsync() is { } view
            ? Results.Ok(RolloutResponse.Of(view))
            : Unknown(model, id).ToResult();

    private static async Task<IResult> Plot(string model, string id, IClusterClient cluster) =>
        Find(cluster, model, id) is { } grain && await grain.GetAsync() is { } view
            ? Results.Text(RolloutPlot.Draw(view), "image/svg+xml")
            : Unknown(model, id).ToResult();

    private static async Task<IResult> TellAsync(
        RolloutCommand command, string model, string id, RolloutCommandRequest request, IClusterClient cluster, ClaimsPrincipal user)
    {
        if (request.Reason is not { Length: > 0 and <= MaxReasonLength } reason)
            return Refusal.Invalid("reason", $"Say why, in 1 to {MaxReasonLength} characters.").ToResult();
        if (Find(cluster, model, id) is not { } grain || await grain.GetAsync() is null) return Unknown(model, id).ToResult();
        var outcome = await grain.CommandAsync(command, user.ActorName(), reason);
        return outcome.Succeeded(out var view, out var refusal) ? Results.Ok(RolloutResponse.Of(view)) : refusal.ToResult();
    }
}
