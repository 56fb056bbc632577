using Platform.Contracts;
using Platform.Contracts.Alerts;
using Platform.SharedState;
using Platform.SharedState.Alerts;

namespace Platform.Silo.Alerts;

/// <summary>
/// Wakes every rule and every group that holds an alert, every few seconds: whichever died with its silo goes on
/// within that time, on whichever silo is left.
/// </summary>
internal sealed partial class AlertReconciler(
    IGrainFactory grains, GroupAlerts groups, DefaultRuleKeeper defaults, TimeProvider clock, ILogger<AlertReconciler> logger) : BackgroundService
{
    private static readonly TimeSpan Period = TimeSpan.FromSeconds(5);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Period, clock);
        do
        {
            try
            {
                await ReconcileAsync(stoppingToken);
            }
            catch (Exception e) when (e is ControlPlaneUnavailableException or OrleansException || RedisFault.Is(e))
            {
                LogNotYet(e.Message);
            }
        }
        while (await timer.WaitForNextTickAsync(stoppingToken));
    }

    private async Task ReconcileAsync(CancellationToken cancellation)
    {
        var parallel = new ParallelOptions { MaxDegreeOfParallelism = 8, CancellationToken = cancellation };
        var rules = await grains.GetGrain<IAlertBookGrain>(IAlertBookGrain.Key).ListRulesAsync();
        await Parallel.ForEachAsync(rules, parallel, async (rule, _) => await grains.GetGrain<IAlertRuleGrain>(rule).WakeAsync());
        await Parallel.ForEachAsync(await groups.ListAsync(), parallel, async (group, _) => await grains.GetGrain<IAlertGroupGrain>(group).WakeAsync());
        await defaults.ReconcileAsync();
    }

    [LoggerMessage(LogLevel.Debug, "Alerts could not be reconciled yet: {Reason}")]
    private partial void LogNotYet(string reason);
}
