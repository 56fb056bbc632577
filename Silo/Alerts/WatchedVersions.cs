using Platform.Core.Alerts.Rules;
using Platform.SharedState.Plans;

namespace Platform.Silo.Alerts;

internal static class WatchedVersions
{
    /// <summary>The rule's version; where it names none, all that are deployed.</summary>
    public static IEnumerable<string> VersionsOf(this PlanFollower plans, AlertRule rule) => rule.Version is { } version
        ? [version]
        : plans.Plans.GetValueOrDefault(rule.Model)?.Versions.Select(placed => placed.Version) ?? [];

    /// <summary>Which part of the model's traffic goes to the rule's version and route; null where no plan says so, or a rule of it may send more.</summary>
    public static double? ShareOf(this PlanFollower plans, AlertRule rule)
    {
        if (rule.Version is not { } version || plans.Plans.GetValueOrDefault(rule.Model) is not { Rules: null or { Length: 0 } } plan) return null;
        return plan.Routes.Where(route => route.Version == version && (rule.Route ?? route.Route) == route.Route).Sum(route => route.WeightBasisPoints) / 10_000.0;
    }
}
