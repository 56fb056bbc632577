using System.Security.Claims;
using System.Security.Cryptography;
using Platform.Api.Access;
using Platform.Api.Conventions;
using Platform.Contracts.Access;
using Platform.Core.Access;
using Platform.Core.Results;
using Platform.SharedState.Access;

namespace Platform.Api.Keys;

internal static class KeyEndpoints
{
    private static readonly TimeSpan DefaultOverlap = TimeSpan.FromMinutes(5);

    public static RouteGroupBuilder MapKeys(this RouteGroupBuilder v1)
    {
        var keys = v1.MapGroup("/keys").WithTags("Keys").RequireAuthorization(Roles.Admin);
        keys.MapPost("/", Create).Produces<KeyResponse>(201).ProducesProblem(400).ProducesProblem(429);
        keys.MapGet("/", List).Produces<ListResponse<KeyResponse>>().ProducesProblem(400);
        keys.MapGet("/{id}", Get).Produces<KeyResponse>().ProducesProblem(404);
        keys.MapPost("/{id}/rotate", Rotate).Produces<KeyResponse>().ProducesProblem(400).ProducesProblem(404).ProducesProblem(409).ProducesProblem(412);
        keys.MapDelete("/{id}", Revoke).Produces(204).ProducesProblem(404).ProducesProblem(412);
        return v1;
    }

    [Idempotent]
    private static async Task<IResult> Create(
        CreateKeyRequest request, IClusterClient cluster, KnownKeys known, ClaimsPrincipal user, TimeProvider clock, HttpContext context)
    {
        var asked = request.ToRequest();
        // Looked at here too: a list with nulls in it does not travel to the grain.
        if (KeyRules.Refuse(asked, clock.GetUtcNow()) is { } invalid) return invalid.ToResult();
        var secret = NewSecret();
        var outcome = await Ring(cluster).CreateAsync(asked, ToDigest(secret, clock), user.ActorName());
        if (!outcome.Succeeded(out var key, out var refusal)) return refusal.ToResult();
        await known.RefreshAsync(context.RequestAborted);
        context.Response.Headers.CacheControl = "no-store";
        context.Response.Headers.ETag = Etags.Format(key.Revision);
        return Results.Created($"/v1/keys/{key.Id}", KeyResponse.From(key, clock.GetUtcNow(), lastUsedAt: null, secret));
    }

    private static async Task<IResult> List(
        string? state, int? page_size, string? page_token, IClusterClient cluster, ApiKeyUses uses, KeyUsage usage, TimeProvider clock)
    {
        if (Paging.Refuse(page_size, page_token) is { } refusal) return refusal.ToResult();
        if (state is not (null or "active" or "expired" or "revoked"))
            return Refusal.Invalid("state", "Give active, expired or revoked, or leave it out.").ToResult();
        var page = await Ring(cluster).ListAsync(
            state is null ? null : Enum.Parse<KeyState>(state, ignoreCase: true), page_size ?? Paging.DefaultSize, Paging.Decode(page_token));
        var reported = await uses.ReadAsync(page.Items.Select(key => key.Id));
        var now = clock.GetUtcNow();
        return Results.Ok(new ListResponse<KeyResponse>(
            [.. page.Items.Zip(reported, (key, used) => KeyResponse.From(key, now, usage.Pending(key.Id) ?? used))],
            Paging.Encode(page.NextPageToken)));
    }

    private static async Task<IResult> Get(
        string id, IClusterClient cluster, ApiKeyUses uses, KeyUsage usage, TimeProvider clock, HttpResponse response)
    {
        var outcome = await Ring(cluster).GetAsync(id);
        if (!outcome.Succeeded(out var key, out var refusal)) return refusal.ToResult();
        var used = usage.Pending(id) ?? (await uses.ReadAsync([id]))[0];
        response.Headers.ETag = Etags.Format(key.Revision);
        return Results.Ok(KeyResponse.From(key, clock.GetUtcNow(), used));
    }

    [Idempotent]
    private static async Task<IResult> Rotate(
        string id, RotateKeyRequest? request, IClusterClient cluster, KnownKeys known, TimeProvider clock, HttpContext context)
    {
        if (!Etags.TryReadIfMatch(context.Request, out var revision, out var stale)) return stale!.ToResult();
        var secret = NewSecret();
        var outcome = await Ring(cluster).RotateAsync(id, ToDigest(secret, clock), request?.Overlap ?? DefaultOverlap, revision);
        if (!outcome.Succeeded(out var key, out var refusal)) return refusal.ToResult();
        await known.RefreshAsync(context.RequestAborted);
        context.Response.Headers.CacheControl = "no-store";
        context.Response.Headers.ETag = Etags.Format(key.Revision);
        return Results.Ok(KeyResponse.From(key, clock.GetUtcNow(), lastUsedAt: null, secret));
    }

    private static async Task<IResult> Revoke(string id, IClusterClient cluster, KnownKeys known, ClaimsPrincipal user, HttpContext context)
    {
        if (!Etags.TryReadIfMatch(context.Request, out var revision, out var stale)) return stale!.ToResult();
        var outcome = await Ring(cluster).RevokeAsync(id, revision, user.ActorName());
        if (outcome.Refusal is { } refusal) return refusal.ToResult();
        await known.RefreshAsync(context.RequestAborted);
        return Results.NoContent();
    }

    private static IKeyRingGrain Ring(IClusterClient cluster) => cluster.GetGrain<IKeyRingGrain>(IKeyRingGrain.Key);

    private static string NewSecret() => KeySecret.Create(RandomNumberGenerator.GetBytes(KeySecret.RandomBytes));

    private static KeyDigest ToDigest(string secret, TimeProvider clock) =>
        new(KeySecret.Digest(secret), KeySecret.PrefixOf(secret), clock.GetUtcNow());
}
