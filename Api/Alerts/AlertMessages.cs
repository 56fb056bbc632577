using System.Collections.Immutable;
using Platform.Core.Alerts.Machine;
using Platform.Core.Alerts.Routing;
using Platform.SharedState.Alerts;

namespace Platform.Api.Alerts;

/// <param name="Condition">Why the rule's condition was last judged as it was.</param>
/// <param name="MissingSince">Since when there are too few data to judge by.</param>
/// <param name="SilencedBy">Ids of the silences that keep it from being notified.</param>
/// <param name="InhibitedBy">What else does: a rollout in progress, or a more severe alert.</param>
public sealed record AlertResponse(
    string Rule,
    AlertState State,
    ImmutableSortedDictionary<string, string> Labels,
    ImmutableSortedDictionary<string, string> Annotations,
    double? Value,
    DateTimeOffset ActiveAt,
    DateTimeOffset? FiredAt,
    DateTimeOffset? ResolvedAt,
    DateTimeOffset? MissingSince,
    string Condition,
    string Fingerprint,
    ImmutableArray<string> Channels,
    ImmutableArray<string> SilencedBy,
    string? InhibitedBy)
{
    internal static AlertResponse From(BoardAlert shown, IEnumerable<Silence> silences, IEnumerable<IReadOnlyDictionary<string, string>> firing, DateTimeOffset now)
    {
        var alert = shown.Alert;
        var source = Inhibition.FindSource(alert.Labels, Inhibition.Default, firing)?.GetValueOrDefault(AlertLabels.AlertName);
        return new(
            shown.Rule, alert.State, alert.Labels, shown.Annotations, alert.Value, alert.ActiveAt, alert.FiredAt, alert.ResolvedAt, alert.MissingSince,
            shown.Condition, alert.Fingerprint, shown.Channels, [.. silences.Where(silence => silence.Mutes(alert.Labels, now)).Select(silence => silence.Id)],
            shown.InhibitedBy ?? (source is null ? null : $"Alert {source} is more severe."));
    }
}

public sealed record MatcherRequest(string? Name, MatchOperator? Op, string? Value);

/// <param name="StartsAt">Now when left out.</param>
public sealed record SilenceRequest(ImmutableArray<MatcherRequest>? Matchers, DateTimeOffset? StartsAt, DateTimeOffset? EndsAt, string? Comment);

public sealed record SilenceResponse(
    string Id, SilenceState State, ImmutableArray<Matcher> Matchers, DateTimeOffset StartsAt, DateTimeOffset EndsAt, string Comment, string CreatedBy, DateTimeOffset CreatedAt)
{
    internal static SilenceResponse From(Silence silence, DateTimeOffset now) => new(
        silence.Id, silence.State(now), silence.Matchers, silence.StartsAt, silence.EndsAt, silence.Comment, silence.CreatedBy, silence.CreatedAt);
}
