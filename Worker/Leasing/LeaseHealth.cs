using Microsoft.Extensions.Diagnostics.HealthChecks;
using Platform.Worker.Serving;

namespace Platform.Worker.Leasing;

/// <summary>Healthy once Apis can know this worker and what the first plans asked for has been loaded or tried.</summary>
internal sealed class LeaseHealth(LeaseRenewer lease, LoadReport report) : IHealthCheck
{
    public Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default) =>
        Task.FromResult((lease.HasLease, report.IsFirstPassDone) switch
        {
            (false, _) => HealthCheckResult.Unhealthy("The first lease has not been written to Redis."),
            (_, false) => HealthCheckResult.Unhealthy("The first plans have not been applied."),
            _ => HealthCheckResult.Healthy(),
        });
}
