using System.Collections.Immutable;
using Platform.Core.Alerts.Machine;

namespace Platform.Core.Alerts.Routing;

/// <summary>An alert as a group of notifications knows it.</summary>
/// <param name="EndsAt">When it ended; or until when it is taken to fire unless it is sent again.</param>
/// <param name="HasEnded">Whether its rule said that it ended, rather than falling silent.</param>
/// <param name="InhibitedBy">What keeps it from being notified, in words; set by whoever caused it.</param>
public sealed record GroupedAlert(
    ImmutableSortedDictionary<string, string> Labels,
    ImmutableSortedDictionary<string, string> Annotations,
    DateTimeOffset StartsAt,
    DateTimeOffset EndsAt,
    bool HasEnded = false,
    string? InhibitedBy = null)
{
    public string Fingerprint => AlertLabels.Fingerprint(Labels);

    public bool IsResolved(DateTimeOffset now) => HasEnded || EndsAt <= now;
}
