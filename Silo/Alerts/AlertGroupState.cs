using System.Collections.Immutable;
using Platform.Core.Alerts.Routing;

namespace Platform.Silo.Alerts;

/// <summary>A notification that was decided and not yet taken by its channel.</summary>
/// <param name="Key">Idempotency key: the same until it is taken, over every retry and every restart.</param>
/// <param name="Entry">What the channel has been told once it took it.</param>
/// <param name="Done">Resolved alerts that can be forgotten then.</param>
internal sealed record OutgoingNotification(string Key, string Payload, NotificationEntry Entry, ImmutableArray<string> Done, DateTimeOffset CreatedAt);

/// <summary>What is stored of a group: what its channel was told, and what it is being told.</summary>
internal sealed record AlertGroupState
{
    public int Schema { get; init; } = 1;

    public NotificationEntry? Log { get; init; }

    public OutgoingNotification? Outgoing { get; init; }

    /// <summary>Of the last notification.</summary>
    public long Sequence { get; init; }
}
