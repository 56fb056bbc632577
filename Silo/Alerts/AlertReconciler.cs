using Platform.Contracts.Alerts;
using Platform.SharedState.Alerts;

namespace Platform.Silo.Alerts;

/// <summary>
/// Wakes every rule and every group that holds an alert: all of them within seconds of a silo's coming or going, so that
/// whichever died with it goes on on whichever silo is left; and else some of the rules at a time, since they have clocks of
/// their own.
/// </summary>
internal sealed class AlertReconciler(IGrainFactory grains, ISiloStatusOracle silos, GroupAlerts groups, DefaultRuleKeeper defaults)
{
    /// <summary>In so many rounds every rule is woken once.</summary>
    private const int Rounds = 6;

    private HashSet<SiloAddress> known = [];
    private int round;

    public async Task ReconcileAsync(CancellationToken cancellation)
    {
        var parallel = new ParallelOptions { MaxDegreeOfParallelism = 8, CancellationToken = cancellation };
        var rules = await grains.GetGrain<IAlertBookGrain>(IAlertBookGrain.Key).ListRulesAsync();
        var active = silos.GetApproximateSiloStatuses(onlyActive: true).Keys.ToHashSet();
        var due = active.SetEquals(known) ? rules.Where((_, i) => i % Rounds == round) : rules;
        await Parallel.ForEachAsync(due, parallel, async (rule, _) => await grains.GetGrain<IAlertRuleGrain>(rule).WakeAsync());
        // Only now: had a wake failed, the next period would have to wake all again.
        (known, round) = (active, (round + 1) % Rounds);
        await Parallel.ForEachAsync(await groups.ListAsync(), parallel, async (group, _) => await grains.GetGrain<IAlertGroupGrain>(group).WakeAsync());
        await defaults.ReconcileAsync();
    }
}
