using System.Security.Claims;
using Platform.Api.Access;
using Platform.Api.Conventions;
using Platform.Contracts.Alerts;
using Platform.Core.Alerts.Routing;
using Platform.Core.Results;

namespace Platform.Api.Alerts;

internal static class SilenceEndpoints
{
    public static RouteGroupBuilder MapSilences(this RouteGroupBuilder v1)
    {
        var silences = v1.MapGroup("/silences").WithTags("Alerts");
        silences.MapPost("/", Create).RequireAuthorization(Roles.Operator).Produces<SilenceResponse>(201).ProducesProblem(400).ProducesProblem(429);
        silences.MapGet("/", List).RequireAuthorization(Roles.Viewer).Produces<ListResponse<SilenceResponse>>().ProducesProblem(400);
        silences.MapGet("/{id}", Get).RequireAuthorization(Roles.Viewer).Produces<SilenceResponse>().ProducesProblem(404);
        silences.MapPut("/{id}", Put).RequireAuthorization(Roles.Operator)
            .Produces<SilenceResponse>().Produces<SilenceResponse>(201).ProducesProblem(400).ProducesProblem(404).ProducesProblem(429);
        silences.MapDelete("/{id}", Expire).RequireAuthorization(Roles.Operator).Produces(204).ProducesProblem(404);
        return v1;
    }

    [Idempotent]
    private static async Task<IResult> Create(SilenceRequest request, IClusterClient cluster, ClaimsPrincipal user, TimeProvider clock)
    {
        var now = clock.GetUtcNow();
        if (!ToSilence(request, user.ActorName(), now).Succeeded(out var silence, out var invalid)) return invalid.ToResult();
        var outcome = await Book(cluster).AddSilenceAsync(silence);
        return outcome.Succeeded(out var added, out var refusal)
            ? Results.Created($"/v1/silences/{added.Id}", SilenceResponse.From(added, now))
            : refusal.ToResult();
    }

    private static async Task<IResult> List(string? state, int? page_size, string? page_token, IClusterClient cluster, TimeProvider clock)
    {
        if (Paging.Refuse(page_size, page_token) is { } refusal) return refusal.ToResult();
        if (state is not (null or "pending" or "active" or "expired")) return Refusal.Invalid("state", "Give pending, active or expired, or leave it out.").ToResult();
        var (now, size, after) = (clock.GetUtcNow(), page_size ?? Paging.DefaultSize, Paging.Decode(page_token));
        var found = (await Book(cluster).ListSilencesAsync())
            .Where(silence => state is null || silence.State(now) == Enum.Parse<SilenceState>(state, ignoreCase: true))
            .Where(silence => after is null || string.CompareOrdinal(silence.Id, after) > 0).OrderBy(silence => silence.Id, StringComparer.Ordinal).Take(size + 1).ToArray();
        return Results.Ok(new ListResponse<SilenceResponse>(
            [.. found.Take(size).Select(silence => SilenceResponse.From(silence, now))], found.Length > size ? Paging.Encode(found[size - 1].Id) : null));
    }

    private static async Task<IResult> Get(string id, IClusterClient cluster, TimeProvider clock)
    {
        var outcome = await Book(cluster).GetSilenceAsync(id);
        return outcome.Succeeded(out var silence, out var refusal) ? Results.Ok(SilenceResponse.From(silence, clock.GetUtcNow())) : refusal.ToResult();
    }

    /// <summary>As in Alertmanager: what changes more than its end, or a start to come, ends the one and begins another with an id of its own (201).</summary>
    private static async Task<IResult> Put(string id, SilenceRequest request, IClusterClient cluster, ClaimsPrincipal user, TimeProvider clock)
    {
        var now = clock.GetUtcNow();
        var known = await Book(cluster).GetSilenceAsync(id);
        if (!known.Succeeded(out var before, out var unknown)) return unknown.ToResult();
        // A start that is left out stays as it is, unless the silence is over.
        var asked = before.State(now) is SilenceState.Expired ? request : request with { StartsAt = request.StartsAt ?? before.StartsAt };
        if (!ToSilence(asked, user.ActorName(), now).Succeeded(out var next, out var invalid)) return invalid.ToResult();
        var outcome = await Book(cluster).ReplaceSilenceAsync(id, next);
        if (!outcome.Succeeded(out var silence, out var refusal)) return refusal.ToResult();
        var body = SilenceResponse.From(silence, now);
        return silence.Id == id ? Results.Ok(body) : Results.Created($"/v1/silences/{silence.Id}", body);
    }

    private static async Task<IResult> Expire(string id, IClusterClient cluster)
    {
        var outcome = await Book(cluster).ExpireSilenceAsync(id);
        return outcome.Refusal is { } refusal ? refusal.ToResult() : Results.NoContent();
    }

    private static Outcome<Silence> ToSilence(SilenceRequest request, string actor, DateTimeOffset now)
    {
        if (request.Matchers is not { Length: > 0 } matchers) return Refusal.Invalid("matchers", $"Give 1 to {Silence.MaxMatchers} matchers.");
        for (var i = 0; i < matchers.Length; i++)
        {
            if (matchers[i]?.Name is null) return Refusal.Invalid($"matchers[{i}].name", "Name the label.");
            if (matchers[i].Op is null) return Refusal.Invalid($"matchers[{i}].op", "Give =, !=, =~ or !~.");
            if (matchers[i].Value is null) return Refusal.Invalid($"matchers[{i}].value", "Give a text; empty for a label that is missing.");
        }

        if (request.EndsAt is not { } endsAt) return Refusal.Invalid("ends_at", "Say when it ends, as RFC 3339.");
        var silence = new Silence(
            Guid.CreateVersion7(now).ToString(), [.. matchers.Select(matcher => new Matcher(matcher.Name!, matcher.Op!.Value, matcher.Value!))],
            request.StartsAt ?? now, endsAt, request.Comment ?? "", actor, now);
        return silence.Refuse(now) is { } refusal ? refusal : silence;
    }

    private static IAlertBookGrain Book(IClusterClient cluster) => cluster.GetGrain<IAlertBookGrain>(IAlertBookGrain.Key);
}
