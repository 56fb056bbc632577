using System.Collections.Immutable;
using Platform.Core.Alerts.Machine;
using Platform.Core.Models;

namespace Platform.Core.Alerts.Rules;

/// <summary>What is watched, when it alerts, and whom.</summary>
/// <param name="Version">One version; null for all of the model together.</param>
/// <param name="Route">stable, canary, arm:name …; null for all.</param>
/// <param name="Threshold">Of an anomaly: how many robust standard deviations from what is usual. Not used by other kinds than threshold and anomaly.</param>
/// <param name="Window">Over how long the metric is taken. A burn rate has windows of its own.</param>
/// <param name="MinSamples">With fewer events in the window, data are missing. Metrics that count have none.</param>
/// <param name="Objective">Of a burn rate: the share of requests that shall succeed.</param>
/// <param name="MinBadEvents">Of a burn rate: fewer errors than this in the long window alert nobody.</param>
/// <param name="OnlyAfterData">Of an absence: only where something is usual, and is sent at all.</param>
/// <param name="Confidence">Of a threshold on a share: how sure it has to be, 0.5 to below 1, that chance does not explain it; null for not at all.</param>
/// <param name="Enabled">A rule that is switched off is kept, and resolves what it had firing.</param>
public record AlertRule(
    string Name,
    string Model,
    string? Version,
    string? Route,
    AlertKind Kind,
    string Metric,
    ComparisonOperator Op,
    double Threshold,
    TimeSpan Window,
    TimeSpan For,
    TimeSpan KeepFiringFor,
    AlertSeverity Severity,
    int MinSamples,
    MissingDataPolicy MissingData,
    double Objective,
    int MinBadEvents,
    Season Season,
    bool OnlyAfterData,
    bool Enabled,
    ImmutableArray<string> Channels,
    ImmutableSortedDictionary<string, string> Labels,
    ImmutableSortedDictionary<string, string> Annotations,
    double? Confidence = null)
{
    /// <summary>The labels of its alert. Those that say what it is about cannot be replaced by the rule's own.</summary>
    public ImmutableSortedDictionary<string, string> AlertLabels()
    {
        var labels = Labels.ToImmutableSortedDictionary(StringComparer.Ordinal)
            .SetItem(Machine.AlertLabels.AlertName, Name)
            .SetItem(Machine.AlertLabels.Model, Model)
            .SetItem(Machine.AlertLabels.Severity, Severity.ToString().ToLowerInvariant());
        return Version is null ? labels : labels.SetItem(Machine.AlertLabels.Version, Version);
    }

    public AlertTiming Timing(TimeSpan interval) => new(For, KeepFiringFor, interval, MissingData);
}
