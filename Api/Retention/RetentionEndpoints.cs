using System.Globalization;
using System.Security.Claims;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.ModelBinding;
using Platform.Api.Access;
using Platform.Api.Conventions;
using Platform.Contracts.Models;
using Platform.Core.Models.Retention;
using Platform.Core.Results;

namespace Platform.Api.Retention;

internal static class RetentionEndpoints
{
    public static RouteGroupBuilder MapRetention(this RouteGroupBuilder v1)
    {
        var group = v1.MapGroup("/models/{model}").WithTags("Retention");
        group.MapGet("/retention", Get).RequireAuthorization(Roles.Viewer).Produces<RetentionPolicy>().ProducesProblem(404);
        group.MapPut("/retention", Put).RequireAuthorization(Roles.Operator)
            .Produces<RetentionPolicy>().ProducesProblem(400).ProducesProblem(404).ProducesProblem(412);
        group.MapPost("/cleanup", CleanUp).RequireAuthorization(Roles.Operator)
            .Produces<CleanUpResponse>().ProducesProblem(400).ProducesProblem(404);
        group.MapGet("/removed", ListRemoved).RequireAuthorization(Roles.Viewer)
            .Produces<ListResponse<RemovedVersionResponse>>().ProducesProblem(400).ProducesProblem(404);
        return v1;
    }

    private static async Task<IResult> Get(string model, IClusterClient cluster, HttpResponse response) =>
        Answer(await cluster.GetGrain<IModelGrain>(model).GetRetentionAsync(), response);

    private static async Task<IResult> Put(
        string model, PutRetentionRequest request, IClusterClient cluster, HttpRequest http, HttpResponse response) =>
        Etags.TryReadIfMatch(http, out var revision, out var stale)
            ? Answer(await cluster.GetGrain<IModelGrain>(model).SetRetentionAsync(request.ToPolicy(), revision), response)
            : stale!.ToResult();

    private static IResult Answer(Outcome<RetentionView> outcome, HttpResponse response)
    {
        if (!outcome.Succeeded(out var view, out var refusal)) return refusal.ToResult();
        response.Headers.ETag = Etags.Format(view.Revision);
        return Results.Ok(view.Policy);
    }

    private static async Task<IResult> CleanUp(
        string model, bool? dry_run, [FromBody(EmptyBodyBehavior = EmptyBodyBehavior.Allow)] CleanUpRequest? request,
        IClusterClient cluster, ClaimsPrincipal user)
    {
        // Whichever way somebody said that nothing is to be removed yet.
        var dryRun = dry_run is true || request?.DryRun is true;
        var outcome = await cluster.GetGrain<IModelGrain>(model).CleanUpAsync(dryRun, user.ActorName());
        return outcome.Succeeded(out var plan, out var refusal)
            ? Results.Ok(new CleanUpResponse(dryRun, plan.Removed, plan.Kept))
            : refusal.ToResult();
    }

    private static async Task<IResult> ListRemoved(string model, int? page_size, string? page_token, IClusterClient cluster)
    {
        if (Paging.Refuse(page_size, page_token) is { } invalid) return invalid.ToResult();
        // The list only grows at its end, so that a place in it stays where it is.
        var skip = 0;
        if (page_token is not null && !int.TryParse(Paging.Decode(page_token), NumberStyles.None, CultureInfo.InvariantCulture, out skip))
            return Paging.InvalidToken.ToResult();
        var outcome = await cluster.GetGrain<IModelGrain>(model).ListRemovedAsync(skip, page_size ?? Paging.DefaultSize);
        if (!outcome.Succeeded(out var removed, out var refusal)) return refusal.ToResult();
        var next = skip + removed.Items.Length;
        return Results.Ok(new ListResponse<RemovedVersionResponse>(
            [.. removed.Items.Select(RemovedVersionResponse.From)],
            next < removed.Total ? Paging.Encode(next.ToString(CultureInfo.InvariantCulture)) : null));
    }
}
