using Platform.Contracts.Alerts;
using Platform.SharedState.Alerts;

namespace Platform.Silo.Alerts;

/// <summary>
/// Wakes every rule and every group that holds an alert, every few seconds: whichever died with its silo goes on
/// within that time, on whichever silo is left.
/// </summary>
internal sealed class AlertReconciler(IGrainFactory grains, GroupAlerts groups, DefaultRuleKeeper defaults)
{
    public async Task ReconcileAsync(CancellationToken cancellation)
    {
        var parallel = new ParallelOptions { MaxDegreeOfParallelism = 8, CancellationToken = cancellation };
        var rules = await grains.GetGrain<IAlertBookGrain>(IAlertBookGrain.Key).ListRulesAsync();
        await Parallel.ForEachAsync(rules, parallel, async (rule, _) => await grains.GetGrain<IAlertRuleGrain>(rule).WakeAsync());
        await Parallel.ForEachAsync(await groups.ListAsync(), parallel, async (group, _) => await grains.GetGrain<IAlertGroupGrain>(group).WakeAsync());
        await defaults.ReconcileAsync();
    }
}
