using System.Diagnostics;
using System.Security.Claims;
using Platform.Api.Access;
using Platform.Api.Conventions;
using Platform.Contracts.Models;
using Platform.Core.Results;
using Platform.Core.Serving;
using Platform.SharedState.Plans;

namespace Platform.Api.Deployments;

/// <param name="Version">The version to put to work.</param>
/// <param name="Config">How to serve it; what is left out keeps its default.</param>
public sealed record DeployRequest(string? Version, DeploymentConfig? Config);

/// <param name="From">What was in production before; null if nothing was.</param>
public sealed record DeploymentResponse(
    long Id, string Model, string Version, string? From, DeploymentState State, DeploymentConfig Config,
    string By, DateTimeOffset StartedAt, DateTimeOffset? EndedAt, string? Reason);

internal static class DeploymentEndpoints
{
    private static readonly TimeSpan PollPeriod = TimeSpan.FromMilliseconds(20);
    private static readonly TimeSpan PlanLimit = TimeSpan.FromSeconds(5);

    public static RouteGroupBuilder MapDeployments(this RouteGroupBuilder v1)
    {
        var group = v1.MapGroup("/models/{model}").WithTags("Deployments");
        group.MapPost("/deploy", Deploy).RequireAuthorization(Roles.Operator)
            .Produces<DeploymentResponse>().ProducesProblem(400).ProducesProblem(404).ProducesProblem(409).ProducesProblem(422);
        group.MapGet("/deployments/{id:long}", Get).RequireAuthorization(Roles.Viewer).Produces<DeploymentResponse>().ProducesProblem(404);
        group.MapPost("/versions/{version}/undeploy", Undeploy).RequireAuthorization(Roles.Operator)
            .Produces(204).ProducesProblem(404).ProducesProblem(409);
        return v1;
    }

    private static async Task<IResult> Deploy(
        string model, DeployRequest request, IClusterClient cluster, PlanFollower plans, TimeProvider clock, ClaimsPrincipal user,
        CancellationToken cancellation)
    {
        if (request.Version is not { Length: > 0 } version) return Refusal.Invalid("version", "Give the version to deploy.").ToResult();
        var config = request.Config ?? new DeploymentConfig();
        if (DeploymentRules.Refuse(config) is { } invalid) return invalid.ToResult();
        var grain = cluster.GetGrain<IModelGrain>(model);
        var begun = await grain.BeginDeployAsync(version, config, user.ActorName());
        if (!begun.Succeeded(out var deployment, out var refusal)) return refusal.ToResult();

        while (deployment.State is DeploymentState.Loading)
        {
            await Task.Delay(PollPeriod, clock, cancellation);
            deployment = (await grain.GetDeploymentAsync(deployment.Id)).Value
                ?? throw new UnreachableException("A deployment that began is not known any more.");
        }

        if (deployment.State is DeploymentState.Failed)
            return Refusal.CheckFailed($"Version {deployment.Version} was not deployed. {deployment.Reason}").ToResult();
        await FollowAsync(plans, model, deployment.PlanRevision, clock, cancellation);
        return Results.Ok(ToResponse(model, deployment));
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

    /// <summary>Waits until this Api routes by that plan, so that whoever deployed sees the new version with the next request.</summary>
    private static async Task FollowAsync(
        PlanFollower plans, string model, long revision, TimeProvider clock, CancellationToken cancellation)
    {
        var started = clock.GetTimestamp();
        while (!(plans.Plans.TryGetValue(model, out var plan) && plan.Revision >= revision) && clock.GetElapsedTime(started) < PlanLimit)
            await Task.Delay(PollPeriod, clock, cancellation);
    }

    private static DeploymentResponse ToResponse(string model, Deployment deployment) => new(
        deployment.Id, model, deployment.Version, deployment.Previous, deployment.State, deployment.Config, deployment.By,
        deployment.StartedAt, deployment.EndedAt, deployment.Reason);
}
