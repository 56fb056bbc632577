using Platform.Contracts;
using Platform.Contracts.Limits;
using Platform.SharedState;

namespace Platform.Silo.Limits;

/// <summary>
/// Asks every few seconds whether Apis see the latest limits, so that a change which a crash cut short between
/// writing and publishing comes into force all the same.
/// </summary>
internal sealed partial class LimitReconciler(IGrainFactory grains, TimeProvider clock, ILogger<LimitReconciler> logger) : BackgroundService
{
    private static readonly TimeSpan Period = TimeSpan.FromSeconds(2);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Period, clock);
        do
        {
            try
            {
                await grains.GetGrain<ILimitsGrain>(ILimitsGrain.Key).ReconcileAsync();
            }
            catch (Exception e) when (e is ControlPlaneUnavailableException or OrleansException || RedisFault.Is(e))
            {
                LogNotYet(e.Message);
            }
        }
        while (await timer.WaitForNextTickAsync(stoppingToken));
    }

    [LoggerMessage(LogLevel.Debug, "Limits could not be reconciled yet: {Reason}")]
    private partial void LogNotYet(string reason);
}
