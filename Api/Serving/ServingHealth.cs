using Microsoft.Extensions.Diagnostics.HealthChecks;
using Platform.SharedState.Plans;
using Platform.SharedState.Workers;

namespace Platform.Api.Serving;

/// <summary>Not ready before it is known which versions there are and who has them: until then there is nobody to ask.</summary>
internal sealed class ServingHealth(PlanFollower plans, WorkerDirectory directory) : IHealthCheck
{
    public Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default) => Task.FromResult(
        !plans.Loaded.IsCompletedSuccessfully ? HealthCheckResult.Unhealthy("The plans have not been read.")
        : !directory.HasRead ? HealthCheckResult.Unhealthy("The workers have not been read.")
        : HealthCheckResult.Healthy());
}
