using Platform.Core.Alerts.Machine;
using Platform.Core.Alerts.Rules;
using Platform.Core.Models;

namespace Platform.Core.Tests.Alerts;

/// <summary>A rule that can be kept, for tests to alter.</summary>
internal static class Rules
{
    public static AlertRule Valid { get; } = new(
        "errors", "digits", "1.0.0", null, AlertKind.Threshold, "error_rate", ComparisonOperator.Above, 0.05, TimeSpan.FromMinutes(5),
        TimeSpan.FromMinutes(1), TimeSpan.Zero, AlertSeverity.Warning, 20, MissingDataPolicy.Keep, 0.999, 5, Season.Day, false, true,
        ["ops"], AlertLabels.None, AlertLabels.None);
}
