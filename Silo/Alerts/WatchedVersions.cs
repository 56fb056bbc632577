using Platform.Core.Alerts.Rules;
using Platform.SharedState.Plans;

namespace Platform.Silo.Alerts;

internal static class WatchedVersions
{
    /// <summary>The rule's version; where it names none, all that are deployed.</summary>
    public static IEnumerable<string> VersionsOf(this PlanFollower plans, AlertRule rule) => rule.Version is { } version
        ? [version]
        : plans.Plans.GetValueOrDefault(rule.Model)?.Versions.Select(placed => placed.Version) ?? [];
}
