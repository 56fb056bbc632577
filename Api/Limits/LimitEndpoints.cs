using Microsoft.AspNetCore.Mvc;
using Platform.Api.Access;
using Platform.Api.Conventions;
using Platform.Contracts.Limits;
using Platform.Core.Limits;
using Platform.Core.Results;
using Platform.SharedState.Access;

namespace Platform.Api.Limits;

/// <param name="Requests">How many requests.</param>
/// <param name="Bytes">How many bytes of request bodies.</param>
/// <param name="ComputeSeconds">How many seconds of models running.</param>
public sealed record PutLimitRequest(Quota? Requests, Quota? Bytes, Quota? ComputeSeconds)
{
    internal LimitPolicy ToPolicy() => new(Requests, Bytes, ComputeSeconds);
}

/// <param name="Key">Whose limit it is: a key's id, <c>admin</c>, or <c>jwt:</c> and a token's subject; null for a model's.</param>
public sealed record LimitResponse(string? Key, string? Model, Quota? Requests, Quota? Bytes, Quota? ComputeSeconds, string Etag)
{
    internal static LimitResponse From(string subject, LimitPolicy policy) => new(
        LimitSubject.CallerOf(subject), LimitSubject.ModelOf(subject), policy.Requests, policy.Bytes, policy.ComputeSeconds, Etags.Format(policy.Revision));
}

internal static class LimitEndpoints
{
    private const int SubjectLengthMax = 256;

    public static RouteGroupBuilder MapLimits(this RouteGroupBuilder v1)
    {
        var limits = v1.MapGroup("/limits").WithTags("Limits");
        limits.MapGet("/", List).RequireAuthorization(Roles.Viewer).Produces<ListResponse<LimitResponse>>().ProducesProblem(400);
        limits.MapGet("/keys/{id}", (string id, [FromServices] IClusterClient cluster, HttpResponse response) =>
            Get(LimitSubject.OfCaller(id), cluster, response)).RequireAuthorization(Roles.Viewer).Produces<LimitResponse>().ProducesProblem(404);
        limits.MapGet("/models/{model}", (string model, [FromServices] IClusterClient cluster, HttpResponse response) =>
            Get(LimitSubject.OfModel(model), cluster, response)).RequireAuthorization(Roles.Viewer).Produces<LimitResponse>().ProducesProblem(404);
        limits.MapPut("/keys/{id}", (string id, PutLimitRequest body, [FromServices] IClusterClient cluster, HttpContext context) =>
            Put(LimitSubject.OfCaller(id), body, cluster, context)).RequireAuthorization(Roles.Admin).Produces<LimitResponse>().ProducesProblem(400).ProducesProblem(412);
        limits.MapPut("/models/{model}", (string model, PutLimitRequest body, [FromServices] IClusterClient cluster, HttpContext context) =>
            Put(LimitSubject.OfModel(model), body, cluster, context)).RequireAuthorization(Roles.Admin).Produces<LimitResponse>().ProducesProblem(400).ProducesProblem(412);
        limits.MapDelete("/keys/{id}", (string id, [FromServices] IClusterClient cluster, HttpContext context) =>
            Delete(LimitSubject.OfCaller(id), cluster, context)).RequireAuthorization(Roles.Admin).Produces(204).ProducesProblem(404).ProducesProblem(412);
        limits.MapDelete("/models/{model}", (string model, [FromServices] IClusterClient cluster, HttpContext context) =>
            Delete(LimitSubject.OfModel(model), cluster, context)).RequireAuthorization(Roles.Admin).Produces(204).ProducesProblem(404).ProducesProblem(412);
        return v1;
    }

    private static async Task<IResult> List(int? page_size, string? page_token, IClusterClient cluster)
    {
        if (Paging.Refuse(page_size, page_token) is { } refusal) return refusal.ToResult();
        var page = await Grain(cluster).ListAsync(page_size ?? Paging.DefaultSize, Paging.Decode(page_token));
        return Results.Ok(new ListResponse<LimitResponse>(
            [.. page.Items.Select(limit => LimitResponse.From(limit.Subject, limit.Policy))], Paging.Encode(page.NextPageToken)));
    }

    private static async Task<IResult> Get(string subject, IClusterClient cluster, HttpResponse response) =>
        Answer(subject, await Grain(cluster).GetAsync(subject), response);

    private static async Task<IResult> Put(string subject, PutLimitRequest request, IClusterClient cluster, HttpContext context)
    {
        if (subject.Length > SubjectLengthMax) return Refusal.Invalid("id", $"No key or model has a name of more than {SubjectLengthMax} characters.").ToResult();
        if (!Etags.TryReadIfMatch(context.Request, out var revision, out var stale)) return stale!.ToResult();
        var outcome = await Grain(cluster).PutAsync(subject, request.ToPolicy(), revision);
        await context.RequestServices.GetRequiredService<PublishedSetFollower<LimitPolicy>>().RefreshAsync(context.RequestAborted);
        return Answer(subject, outcome, context.Response);
    }

    private static async Task<IResult> Delete(string subject, IClusterClient cluster, HttpContext context)
    {
        if (!Etags.TryReadIfMatch(context.Request, out var revision, out var stale)) return stale!.ToResult();
        var outcome = await Grain(cluster).RemoveAsync(subject, revision);
        if (outcome.Refusal is { } refusal) return refusal.ToResult();
        await context.RequestServices.GetRequiredService<PublishedSetFollower<LimitPolicy>>().RefreshAsync(context.RequestAborted);
        return Results.NoContent();
    }

    private static IResult Answer(string subject, Outcome<LimitPolicy> outcome, HttpResponse response)
    {
        if (!outcome.Succeeded(out var policy, out var refusal)) return refusal.ToResult();
        response.Headers.ETag = Etags.Format(policy.Revision);
        return Results.Ok(LimitResponse.From(subject, policy));
    }

    private static ILimitsGrain Grain(IClusterClient cluster) => cluster.GetGrain<ILimitsGrain>(ILimitsGrain.Key);
}
