using System.Collections.Immutable;

namespace Platform.Core.Alerts.Machine;

public enum AlertState
{
    /// <summary>Its condition holds, not yet for long enough.</summary>
    Pending,
    Firing,

    /// <summary>It fired and does no more; kept for 15 minutes, so that it is told to everybody.</summary>
    Resolved,
}

/// <summary>One alert of a rule, as the rule remembers it from one evaluation to the next.</summary>
/// <param name="ActiveAt">Since when its condition holds.</param>
/// <param name="KeepFiringSince">Since when it no longer does although it fires on.</param>
/// <param name="LastSentAt">When it was last handed on for notification.</param>
/// <param name="MissingSince">Since when there are no data to judge it by.</param>
public sealed record ActiveAlert(ImmutableSortedDictionary<string, string> Labels, AlertState State, DateTimeOffset ActiveAt, double? Value)
{
    public DateTimeOffset? FiredAt { get; init; }

    public DateTimeOffset? ResolvedAt { get; init; }

    public DateTimeOffset? KeepFiringSince { get; init; }

    public DateTimeOffset? LastSentAt { get; init; }

    public DateTimeOffset? MissingSince { get; init; }

    public string Fingerprint => AlertLabels.Fingerprint(Labels);
}
