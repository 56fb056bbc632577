using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Options;

namespace Platform.Api.Draining;

/// <summary>
/// Asked to stop, the Api is not ready any more but answers for a while longer, and asks callers to close their
/// connections; after that the server finishes what is under way and closes.
/// </summary>
internal sealed partial class Drain(IOptions<DrainOptions> options, TimeProvider clock, ILogger<Drain> logger) : IHostedLifecycleService, IHealthCheck
{
    private volatile bool isDraining;

    public bool IsDraining => isDraining;

    public async Task StoppingAsync(CancellationToken cancellationToken)
    {
        isDraining = true;
        LogDraining(options.Value.Delay.TotalSeconds);
        // A host that is out of patience goes on with what comes after.
        await Task.Delay(options.Value.Delay, clock, cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    public Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default) =>
        Task.FromResult(isDraining ? HealthCheckResult.Unhealthy("It is stopping.") : HealthCheckResult.Healthy());

    public Task StartingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StartedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    [LoggerMessage(LogLevel.Information, "The Api was asked to stop; it takes requests for another {Seconds} s.")]
    private partial void LogDraining(double seconds);
}
