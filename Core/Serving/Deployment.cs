using Platform.Core.Models;

namespace Platform.Core.Serving;

/// <summary>How far a deployment is.</summary>
public enum DeploymentState
{
    Loading,
    Live,
    Failed,
}

/// <summary>Putting one version to work.</summary>
/// <param name="Id">Number of the deployment within its model, from 1.</param>
/// <param name="Previous">What was in production before, if anything.</param>
/// <param name="Kind">Whether it goes forward or back.</param>
/// <param name="Why">Why, in the words of whoever asked for it.</param>
/// <param name="PlanRevision">The plan that carries it; an Api that follows this one routes by it.</param>
/// <param name="Reason">Why it failed.</param>
public sealed record Deployment(
    long Id,
    string Version,
    string? Previous,
    DeploymentConfig Config,
    ProductionMoveKind Kind,
    string Why,
    DeploymentState State,
    string By,
    DateTimeOffset StartedAt,
    DateTimeOffset? EndedAt,
    long PlanRevision,
    string? Reason);
