using System.Collections.Immutable;
using System.Text.Json.Serialization;
using Platform.Api.Conventions;
using Platform.Contracts.Alerts;
using Platform.Core.Alerts.Machine;
using Platform.Core.Alerts.Rules;
using Platform.Core.Models;
using Platform.Core.Results;

namespace Platform.Api.Alerts;

/// <param name="Name">1 to 64 lower-case letters, digits, '.', '_' or '-'; with PUT, the one in the path.</param>
/// <param name="Version">One version; left out, all of the model together.</param>
/// <param name="Route">stable, canary, arm:name, fallback or cache; left out, all.</param>
/// <param name="Kind">threshold, burn_rate, anomaly or absence.</param>
/// <param name="Threshold">Of an anomaly: robust standard deviations from what is usual.</param>
/// <param name="MissingData">What too few data mean: keep (nothing changes), ok or alert.</param>
/// <param name="Objective">Of a burn rate: the share of requests that shall succeed; 0.999 when left out.</param>
/// <param name="MinBadEvents">Of a burn rate: fewer errors in the long window alert nobody; 5 when left out.</param>
/// <param name="Season">Of an anomaly: day or week.</param>
/// <param name="OnlyAfterData">Of an absence: only where at least min_samples usually come in a window at this hour, and traffic is sent.</param>
/// <param name="Confidence">Of a threshold on error_rate, cache_hit_rate, accuracy or coverage: how sure it has to be that it is not chance, such as 0.999.</param>
/// <param name="Enabled">false keeps the rule and switches it off.</param>
public sealed record AlertRuleRequest(
    string? Name,
    string? Model,
    string? Version,
    string? Route,
    AlertKind? Kind,
    string? Metric,
    ComparisonOperator? Op,
    double? Threshold,
    TimeSpan? Window,
    TimeSpan? For,
    TimeSpan? KeepFiringFor,
    AlertSeverity? Severity,
    int? MinSamples,
    MissingDataPolicy? MissingData,
    double? Objective,
    int? MinBadEvents,
    Season? Season,
    bool? OnlyAfterData,
    bool? Enabled,
    ImmutableArray<string>? Channels,
    ImmutableSortedDictionary<string, string>? Labels,
    ImmutableSortedDictionary<string, string>? Annotations,
    double? Confidence)
{
    private const int DefaultMinSamples = 20;
    private const double DefaultObjective = 0.999;
    private const int DefaultMinBadEvents = 5;
    private const double DefaultAnomalyThreshold = 4;

    internal Outcome<AlertRule> ToRule(string? name)
    {
        var kind = Kind ?? AlertKind.Threshold;
        if (kind is AlertKind.Threshold && Threshold is null) return Refusal.Invalid("threshold", "Give the number that the metric is held against.");
        if (kind is AlertKind.Threshold && Op is null) return Refusal.Invalid("op", "Give >, >=, < or <=.");
        if (Channels?.Any(channel => channel is null) is true) return Refusal.Invalid("channels", Names.Rule);
        var rule = new AlertRule(
            name ?? "", Model ?? "", Version, Route, kind,
            Metric ?? (kind is AlertKind.BurnRate ? "error_rate" : kind is AlertKind.Absence ? "requests" : ""),
            Op ?? ComparisonOperator.Above, Threshold ?? (kind is AlertKind.Anomaly ? DefaultAnomalyThreshold : 0), Window ?? TimeSpan.FromMinutes(5),
            For ?? TimeSpan.Zero, KeepFiringFor ?? TimeSpan.Zero, Severity ?? AlertSeverity.Warning, MinSamples ?? DefaultMinSamples,
            MissingData ?? MissingDataPolicy.Keep, Objective ?? DefaultObjective, MinBadEvents ?? DefaultMinBadEvents, Season ?? Core.Alerts.Rules.Season.Day,
            OnlyAfterData ?? false, Enabled ?? true, Channels ?? [], Labels ?? AlertLabels.None, Annotations ?? AlertLabels.None, Confidence);
        return AlertRuleRules.Refuse(rule) is { } refusal ? refusal : rule;
    }
}

/// <summary>The rule, and what the platform knows of it.</summary>
public sealed record AlertRuleResponse : AlertRule
{
    internal AlertRuleResponse(AlertRuleView view)
        : base(view.Rule) =>
        (IsDefault, Health, CreatedBy, CreatedAt, UpdatedAt, Etag) =
            (view.IsDefault, view.Health, view.CreatedBy, view.CreatedAt, view.UpdatedAt, Etags.Format(view.Revision));

    /// <summary>Whether the platform made it for a deployed version, and nobody changed it since.</summary>
    [JsonPropertyOrder(1)]
    public bool IsDefault { get; }

    /// <summary>What the last evaluation came to; left out until there is one.</summary>
    [JsonPropertyOrder(1)]
    public RuleHealth? Health { get; }

    [JsonPropertyOrder(1)]
    public string CreatedBy { get; }

    [JsonPropertyOrder(1)]
    public DateTimeOffset CreatedAt { get; }

    [JsonPropertyOrder(1)]
    public DateTimeOffset UpdatedAt { get; }

    [JsonPropertyOrder(1)]
    public string Etag { get; }
}
