using System.Security.Claims;
using Platform.Api.Access;
using Platform.Api.Conventions;
using Platform.Api.Serving;
using Platform.Contracts.Models;
using Platform.Core.Results;
using Platform.Core.Serving;

namespace Platform.Api.Deployments;

/// <param name="Version">The version to put to work.</param>
/// <param name="Config">How to serve it; what is left out keeps its default.</param>
public sealed record DeployRequest(string? Version, DeploymentConfig? Config);

/// <param name="To">An earlier production version; left out, the one before the present.</param>
/// <param name="Reason">Why; it stays in the history.</param>
/// <param name="Force">Roll back even if callers of the present version could not use the earlier one.</param>
public sealed record RollbackRequest(string? To, string? Reason, bool Force = false);

/// <param name="DurationMs">From the request to the moment since which no request of this Api goes to <paramref name="From"/>.</param>
public sealed record RollbackResponse(string? From, string To, double DurationMs);

/// <param name="From">What was in production before; null if nothing was.</param>
public sealed record DeploymentResponse(
    long Id, string Model, string Version, string? From, DeploymentState State, DeploymentConfig Config,
    string By, DateTimeOffset StartedAt, DateTimeOffset? EndedAt, string? Reason);

internal static class DeploymentEndpoints
{
    private const int MaxReasonLength = 1_000;

    public static RouteGroupBuilder MapDeployments(this RouteGroupBuilder v1)
    {
        var group = v1.MapGroup("/models/{model}").WithTags("Deployments");
        group.MapPost("/deploy", Deploy).RequireAuthorization(Roles.Operator)
            .Produces<DeploymentResponse>().ProducesProblem(400).ProducesProblem(404).ProducesProblem(409).ProducesProblem(422);
        group.MapPost("/rollback", RollBack).RequireAuthorization(Roles.Operator)
            .Produces<RollbackResponse>().ProducesProblem(400).ProducesProblem(404).ProducesProblem(409).ProducesProblem(422);
        group.MapGet("/deployments/{id:long}", Get).RequireAuthorization(Roles.Viewer).Produces<DeploymentResponse>().ProducesProblem(404);
        group.MapPost("/versions/{version}/undeploy", Undeploy).RequireAuthorization(Roles.Operator)
            .Produces(204).ProducesProblem(404).ProducesProblem(409);
        return v1;
    }

    private static async Task<IResult> Deploy(
        string model, DeployRequest request, IClusterClient cluster, LiveDeployments live, ClaimsPrincipal user, CancellationToken cancellation)
    {
        if (request.Version is not { Length: > 0 } version) return Refusal.Invalid("version", "Give the version to deploy.").ToResult();
        var config = request.Config ?? new DeploymentConfig();
        if (DeploymentRules.Refuse(config) is { } invalid) return invalid.ToResult();
        var grain = cluster.GetGrain<IModelGrain>(model);
        var begun = await grain.BeginDeployAsync(version, config, user.ActorName());
        var ended = await live.EndOfAsync(grain, model, begun, cancellation);
        return ended.Succeeded(out var deployment, out var refusal) ? Results.Ok(ToResponse(model, deployment)) : refusal.ToResult();
    }

    private static async Task<IResult> RollBack(
        string model, RollbackRequest request, IClusterClient cluster, LiveDeployments live, TimeProvider clock, ClaimsPrincipal user,
        CancellationToken cancellation)
    {
        if (request.Reason is not { Length: > 0 and <= MaxReasonLength } reason)
            return Refusal.Invalid("reason", $"Say why, in 1 to {MaxReasonLength} characters.").ToResult();
        var started = clock.GetTimestamp();
        var grain = cluster.GetGrain<IModelGrain>(model);
        var begun = await grain.RollBackAsync(request.To, reason, request.Force, user.ActorName());
        var ended = await live.EndOfAsync(grain, model, begun, cancellation);
        if (!ended.Succeeded(out var deployment, out var refusal)) return refusal.ToResult();
        return Results.Ok(new RollbackResponse(
            deployment.Previous, deployment.Version, Math.Round(clock.GetElapsedTime(started).TotalMilliseconds, 1)));
    }

    private static async Task<IResult> Get(string model, long id, IClusterClient cluster)
    {
        var outcome = await cluster.GetGrain<IModelGrain>(model).GetDeploymentAsync(id);
        return outcome.Succeeded(out var deployment, out var refusal) ? Results.Ok(ToResponse(model, deployment)) : refusal.ToResult();
    }

    private static async Task<IResult> Undeploy(string model, string version, IClusterClient cluster, ClaimsPrincipal user)
    {
        var outcome = await cluster.GetGrain<IModelGrain>(model).UndeployAsync(version, user.ActorName());
        return outcome.Refusal is { } refusal ? refusal.ToResult() : Results.NoContent();
    }

    private static DeploymentResponse ToResponse(string model, Deployment deployment) => new(
        deployment.Id, model, deployment.Version, deployment.Previous, deployment.State, deployment.Config, deployment.By,
        deployment.StartedAt, deployment.EndedAt, deployment.Reason);
}
