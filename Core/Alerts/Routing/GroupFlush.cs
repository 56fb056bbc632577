using System.Collections.Immutable;

namespace Platform.Core.Alerts.Routing;

/// <summary>What a channel was last told of a group.</summary>
public sealed record NotificationEntry(ImmutableSortedSet<string> Firing, ImmutableSortedSet<string> Resolved, DateTimeOffset At);

/// <summary>Why a group was notified, or why not.</summary>
public enum NotificationReason
{
    FirstNotification,
    NewAlertsAdded,
    AllAlertsResolved,
    SomeAlertsResolved,
    RepeatIntervalElapsed,

    /// <summary>Everything resolved, and the channel does not want to hear of it; only remembered.</summary>
    ResolvedUnsaid,

    /// <summary>Nothing that the channel was told of or should be.</summary>
    NothingFiring,

    /// <summary>It was told all this already.</summary>
    NothingNew,
}

public static class NotificationReasons
{
    public static bool Notifies(this NotificationReason reason) => reason <= NotificationReason.RepeatIntervalElapsed;

    /// <summary>As Alertmanager says it in <c>notification_reason</c>.</summary>
    public static string Text(this NotificationReason reason) => reason switch
    {
        NotificationReason.FirstNotification => "first notification",
        NotificationReason.NewAlertsAdded => "new alerts added",
        NotificationReason.AllAlertsResolved => "all alerts resolved",
        NotificationReason.SomeAlertsResolved => "some alerts resolved",
        NotificationReason.RepeatIntervalElapsed => "repeat interval elapsed",
        _ => "",
    };
}

/// <param name="Alerts">What to tell: those that fire and, where the channel wants them, those that are resolved.</param>
/// <param name="Entry">What to remember once it was told; null where nothing changes.</param>
/// <param name="Done">Fingerprints of resolved alerts that the group can forget once this succeeded.</param>
public sealed record FlushPlan(
    NotificationReason Reason, ImmutableArray<GroupedAlert> Alerts, NotificationEntry? Entry, ImmutableArray<string> Done);

/// <summary>What a group tells its channel at a flush, as Alertmanager decides it.</summary>
public static class GroupFlush
{
    /// <param name="isMuted">Whether a silence or another alert keeps it from being told.</param>
    public static FlushPlan Plan(
        IReadOnlyCollection<GroupedAlert> alerts, NotificationEntry? log, Func<GroupedAlert, bool> isMuted,
        bool sendResolved, TimeSpan repeatInterval, DateTimeOffset now)
    {
        ImmutableArray<string> done = [.. alerts.Where(alert => alert.IsResolved(now)).Select(alert => alert.Fingerprint)];
        var told = alerts.Where(alert => !isMuted(alert)).OrderBy(alert => alert.StartsAt).ThenBy(alert => alert.Fingerprint, StringComparer.Ordinal).ToArray();
        var firing = told.Where(alert => !alert.IsResolved(now)).Select(alert => alert.Fingerprint).ToImmutableSortedSet(StringComparer.Ordinal);
        var resolved = told.Where(alert => alert.IsResolved(now)).Select(alert => alert.Fingerprint).ToImmutableSortedSet(StringComparer.Ordinal);
        var reason = Reason(log, firing, resolved, sendResolved, repeatInterval, now);
        if (reason is NotificationReason.NothingFiring or NotificationReason.NothingNew) return new(reason, [], null, done);
        return new(
            reason, [.. told.Where(alert => sendResolved || !alert.IsResolved(now))], new NotificationEntry(firing, resolved, now), done);
    }

    /// <summary>When a new group is first told of: after its wait, or at once if its first alert is older than that.</summary>
    public static DateTimeOffset FirstAt(DateTimeOffset startsAt, TimeSpan groupWait, DateTimeOffset now) =>
        startsAt + groupWait < now ? now : now + groupWait;

    private static NotificationReason Reason(
        NotificationEntry? log, ImmutableSortedSet<string> firing, ImmutableSortedSet<string> resolved,
        bool sendResolved, TimeSpan repeatInterval, DateTimeOffset now)
    {
        if (log is null) return firing.IsEmpty ? NotificationReason.NothingFiring : NotificationReason.FirstNotification;
        if (!firing.IsSubsetOf(log.Firing)) return log.Firing.IsEmpty ? NotificationReason.FirstNotification : NotificationReason.NewAlertsAdded;
        if (firing.IsEmpty)
        {
            if (log.Firing.IsEmpty) return NotificationReason.NothingFiring;
            return sendResolved && !resolved.IsEmpty ? NotificationReason.AllAlertsResolved : NotificationReason.ResolvedUnsaid;
        }

        if (sendResolved && !resolved.IsSubsetOf(log.Resolved)) return NotificationReason.SomeAlertsResolved;
        return log.At < now - repeatInterval ? NotificationReason.RepeatIntervalElapsed : NotificationReason.NothingNew;
    }
}
