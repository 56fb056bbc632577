using Platform.Contracts;
using Platform.Contracts.Access;
using Platform.SharedState;

namespace Platform.Silo.Keys;

/// <summary>
/// Asks the key ring every few seconds whether Apis see the latest, so that a revocation which a crash cut short between
/// writing and publishing comes into force all the same.
/// </summary>
internal sealed partial class KeyReconciler(IGrainFactory grains, TimeProvider clock, ILogger<KeyReconciler> logger) : BackgroundService
{
    private static readonly TimeSpan Period = TimeSpan.FromSeconds(2);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Period, clock);
        do
        {
            try
            {
                await grains.GetGrain<IKeyRingGrain>(IKeyRingGrain.Key).ReconcileAsync();
            }
            catch (Exception e) when (e is ControlPlaneUnavailableException or OrleansException || RedisFault.Is(e))
            {
                LogNotYet(e.Message);
            }
        }
        while (await timer.WaitForNextTickAsync(stoppingToken));
    }

    [LoggerMessage(LogLevel.Debug, "Keys could not be reconciled yet: {Reason}")]
    private partial void LogNotYet(string reason);
}
