using Aspire.Hosting.ApplicationModel;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Aspire.Hosting.Running;

/// <summary>Polls the checks of one replica for as long as its process lives.</summary>
internal sealed class HealthMonitor(ResourceNotificationService notifications, TimeProvider clock)
{
    private static readonly TimeSpan WhileStarting = TimeSpan.FromMilliseconds(200);
    private static readonly TimeSpan WhileUnhealthy = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan WhileHealthy = TimeSpan.FromSeconds(5);
    // A replica that is about to stop says so for a second; the proxy sends the next request to another.
    private static readonly TimeSpan WhileHealthyAmongOthers = TimeSpan.FromMilliseconds(250);
    private static readonly TimeSpan LongestStart = TimeSpan.FromSeconds(15);
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    public async Task WatchAsync(Replica replica, CancellationToken cancellationToken)
    {
        var checks = replica.Resource.Annotations.OfType<HealthCheckAnnotation>().ToList();
        replica.IsHealthy = checks.Count == 0;
        var started = clock.GetTimestamp();
        var isStarting = true;
        while (checks.Count > 0 && !cancellationToken.IsCancellationRequested)
        {
            var reports = await Task.WhenAll(checks.Select(check => CheckAsync(replica, check, cancellationToken)));
            if (cancellationToken.IsCancellationRequested) return;
            replica.IsHealthy = reports.All(report => report.Status is HealthStatus.Healthy);
            isStarting = isStarting && !replica.IsHealthy && clock.GetElapsedTime(started) < LongestStart;
            await notifications.PublishUpdateAsync(
                replica.Resource, replica.Id, snapshot => snapshot with { HealthReports = [.. reports] });
            var whileHealthy = replica.Resource.GetReplicaCount() > 1 ? WhileHealthyAmongOthers : WhileHealthy;
            var pause = replica.IsHealthy ? whileHealthy : isStarting ? WhileStarting : WhileUnhealthy;
            await Task.Delay(pause, clock, cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private static async Task<HealthReportSnapshot> CheckAsync(Replica replica, HealthCheckAnnotation check, CancellationToken cancellationToken)
    {
        using var timeout = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        timeout.CancelAfter(Patience);
        try
        {
            var fault = await check.Probe.FindFaultAsync(replica.Ports, timeout.Token);
            return new(check.Key, fault is null ? HealthStatus.Healthy : HealthStatus.Unhealthy, fault, null);
        }
        catch (Exception e)
        {
            // Whatever keeps a check from its answer is an answer too.
            return new(check.Key, HealthStatus.Unhealthy, e.Message, e.ToString());
        }
    }
}
