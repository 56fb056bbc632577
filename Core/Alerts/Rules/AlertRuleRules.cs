using System.Collections.Immutable;
using System.Text.RegularExpressions;
using Platform.Core.Models;
using Platform.Core.Results;

namespace Platform.Core.Alerts.Rules;

/// <summary>Which rules can be kept.</summary>
public static partial class AlertRuleRules
{
    public const int MaxChannels = 16;
    public const int MaxLabels = 32;
    public const int MaxTextLength = 1024;
    public const int MaxMinSamples = 1_000_000_000;
    public static readonly TimeSpan WindowMin = TimeSpan.FromSeconds(5);
    public static readonly TimeSpan ProtectionWindowMax = TimeSpan.FromHours(48);
    public static readonly TimeSpan WindowMax = TimeSpan.FromDays(30);
    public static readonly TimeSpan HoldMax = TimeSpan.FromDays(7);

    public static Refusal? Refuse(AlertRule rule) => RefuseSubject(rule) ?? RefuseCondition(rule) ?? RefuseTimes(rule) ?? RefuseTexts(rule);

    private static Refusal? RefuseSubject(AlertRule rule)
    {
        if (!Names.IsValid(rule.Name)) return Refusal.Invalid("name", Names.Rule);
        if (!Names.IsValid(rule.Model)) return Refusal.Invalid("model", Names.Rule);
        if (rule.Version is { } version && !VersionNumber.TryParse(version, out _)) return Refusal.Invalid("version", VersionNumber.Rule);
        if (rule.Route is { Length: 0 or > 80 }) return Refusal.Invalid("route", "Give stable, canary, arm:<name>, fallback or cache.");
        return AlertMetric.Find(rule.Metric) is null ? Refusal.Invalid("metric", $"Give one of {AlertMetric.Names}.") : null;
    }

    private static Refusal? RefuseCondition(AlertRule rule)
    {
        var metric = AlertMetric.Find(rule.Metric)!;
        if (rule.Op is ComparisonOperator.Equal) return Refusal.Invalid("op", "Give >, >=, < or <=.");
        if (!double.IsFinite(rule.Threshold)) return Refusal.Invalid("threshold", "Give a finite number.");
        if (rule.MinSamples is < 0 or > MaxMinSamples) return Refusal.Invalid("min_samples", $"Give a number from 0 to {MaxMinSamples}.");
        if (metric.Origin is MetricOrigin.Drift && rule.Version is null)
            return Refusal.Invalid("version", $"{rule.Metric} is known for a version; say which.");
        if (rule.Confidence is not null && (rule.Kind is not AlertKind.Threshold || !metric.IsShare))
            return Refusal.Invalid("confidence", "Only a threshold of error_rate, cache_hit_rate, accuracy or coverage can be told from chance.");
        if (rule.Confidence is not (null or (>= 0.5 and < 1))) return Refusal.Invalid("confidence", "Give from 0.5 to below 1, such as 0.999.");
        if (metric.Origin is MetricOrigin.Protection && rule.Window > ProtectionWindowMax)
            return Refusal.Invalid("window", $"{rule.Metric} is kept for {DurationConverter.Format(ProtectionWindowMax)}; give no longer window.");
        return rule.Kind switch
        {
            AlertKind.BurnRate => RefuseBurnRate(rule),
            AlertKind.Anomaly when rule.Threshold is < 1 or > 1000 =>
                Refusal.Invalid("threshold", "Give from how many robust standard deviations on it is an anomaly, 1 to 1000; 4 is a good start."),
            AlertKind.Anomaly when metric.Origin is MetricOrigin.Workers or MetricOrigin.Drift or MetricOrigin.Protection => Refusal.Invalid("metric", "This has no usual value; use a threshold."),
            AlertKind.Absence when !metric.IsCount => Refusal.Invalid("metric", "Absence is of something that is counted: requests, throughput, errors, labelled or worker_count."),
            _ => null,
        };
    }

    private static Refusal? RefuseBurnRate(AlertRule rule)
    {
        if (rule.Metric != "error_rate") return Refusal.Invalid("metric", "A burn rate is of error_rate.");
        if (!(rule.Objective is >= 0.5 and < 1)) return Refusal.Invalid("objective", "Give the share of requests that shall succeed, from 0.5 to below 1, such as 0.999.");
        return rule.MinBadEvents is < 1 or > 1_000_000 ? Refusal.Invalid("min_bad_events", "Give a number from 1 to 1000000.") : null;
    }

    private static Refusal? RefuseTimes(AlertRule rule)
    {
        if (rule.Window < WindowMin || rule.Window > WindowMax || rule.Window.Ticks % TimeSpan.TicksPerSecond != 0)
            return Refusal.Invalid("window", "Give whole seconds from \"5s\" to \"30d\".");
        if (rule.For < TimeSpan.Zero || rule.For > HoldMax) return Refusal.Invalid("for", "Give a duration from \"0s\" to \"7d\".");
        if (rule.KeepFiringFor < TimeSpan.Zero || rule.KeepFiringFor > HoldMax) return Refusal.Invalid("keep_firing_for", "Give a duration from \"0s\" to \"7d\".");
        return rule.Kind is AlertKind.Anomaly && rule.Window > TimeSpan.FromHours(1)
            ? Refusal.Invalid("window", "An anomaly is told from the hour before at most; give \"5s\" to \"1h\".")
            : null;
    }

    private static Refusal? RefuseTexts(AlertRule rule)
    {
        if (rule.Channels.Length > MaxChannels) return Refusal.Invalid("channels", $"A rule has at most {MaxChannels} channels.");
        if (rule.Channels.Any(channel => !Names.IsValid(channel))) return Refusal.Invalid("channels", Names.Rule);
        if (rule.Channels.Distinct(StringComparer.Ordinal).Count() != rule.Channels.Length) return Refusal.Invalid("channels", "Name each channel once.");
        return RefuseTexts("labels", rule.Labels) ?? RefuseTexts("annotations", rule.Annotations);
    }

    private static Refusal? RefuseTexts(string field, ImmutableSortedDictionary<string, string> texts)
    {
        if (texts.Count > MaxLabels) return Refusal.Invalid(field, $"There can be at most {MaxLabels}.");
        foreach (var (name, value) in texts)
        {
            if (!LabelName().IsMatch(name)) return Refusal.Invalid(field, "Names begin with a letter or '_' and go on with letters, digits and '_', 64 at most.");
            if (value is null || value.Length > MaxTextLength) return Refusal.Invalid(field, $"\"{name}\" needs a text of at most {MaxTextLength} characters.");
        }

        return null;
    }

    [GeneratedRegex(@"^[a-zA-Z_][a-zA-Z0-9_]{0,63}\z", RegexOptions.CultureInvariant)]
    private static partial Regex LabelName();
}
