using Platform.Contracts;
using Platform.SharedState;

namespace Platform.Silo;

/// <summary>
/// Does the same every few seconds, so that what a crash cut short goes on all the same; a failure that passes is no
/// reason to stop.
/// </summary>
/// <param name="what">Whose work it is, for the log.</param>
internal sealed partial class Reconciler(
    string what, TimeSpan period, Func<CancellationToken, Task> reconcile, TimeProvider clock, ILogger<Reconciler> logger) : BackgroundService
{
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(period, clock);
        do
        {
            try
            {
                await reconcile(stoppingToken);
            }
            catch (Exception e) when (e is ControlPlaneUnavailableException or OrleansException or IOException || RedisFault.Is(e))
            {
                LogNotYet(what, e.Message);
            }
        }
        while (await timer.WaitForNextTickAsync(stoppingToken));
    }

    [LoggerMessage(LogLevel.Debug, "{What} could not be reconciled yet: {Reason}")]
    private partial void LogNotYet(string what, string reason);
}
