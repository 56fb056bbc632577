using System.Collections.Immutable;
using Microsoft.Extensions.Options;
using Platform.Contracts.Alerts;
using Platform.Contracts.Models;
using Platform.Core.Alerts.Rules;
using Platform.SharedState.Plans;

namespace Platform.Silo.Alerts;

/// <summary>Gives each deployed version the platform's rules, and takes them back when it is deployed no more.</summary>
internal sealed class DefaultRuleKeeper(IGrainFactory grains, PlanFollower plans, IOptions<AlertOptions> options)
{
    private const string Accuracy = "accuracy";

    /// <summary>Versions that have their rules, as far as this silo knows.</summary>
    private ImmutableHashSet<(string Model, string Version)>? kept;

    public async Task ReconcileAsync()
    {
        if (!options.Value.DefaultRules) return;
        await plans.Loaded;
        var deployed = plans.Plans.Values.SelectMany(plan => plan.Versions.Select(version => (plan.Model, version.Version))).ToImmutableHashSet();
        if (kept?.SetEquals(deployed) is true) return;
        foreach (var (model, version) in deployed.Except(kept ?? []))
        {
            foreach (var rule in DefaultRules.For(model, version, await AccuracyAsync(model, version))) await Rule(rule.Name).EnsureDefaultAsync(rule);
        }

        if (kept is null || !kept.IsSubsetOf(deployed)) await WithdrawAsync(deployed);
        kept = deployed;
    }

    /// <summary>Asks every rule, since a version may have gone while no silo ran.</summary>
    private async Task WithdrawAsync(ImmutableHashSet<(string Model, string Version)> deployed)
    {
        foreach (var name in await grains.GetGrain<IAlertBookGrain>(IAlertBookGrain.Key).ListRulesAsync())
        {
            if ((await Rule(name).GetAsync()).Value is not { CreatedBy: DefaultRules.Author, Rule: { Version: { } version } rule }) continue;
            if (!deployed.Contains((rule.Model, version))) await Rule(name).WithdrawDefaultAsync();
        }
    }

    /// <summary>What the version was registered with; null if with nothing.</summary>
    private async Task<double?> AccuracyAsync(string model, string version)
    {
        var found = await grains.GetGrain<IModelGrain>(model).GetVersionAsync(version);
        return found.Value?.Metadata.Metrics.TryGetValue(Accuracy, out var accuracy) is true ? accuracy : null;
    }

    private IAlertRuleGrain Rule(string name) => grains.GetGrain<IAlertRuleGrain>(name);
}
