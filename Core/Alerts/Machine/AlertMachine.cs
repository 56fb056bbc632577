using System.Collections.Immutable;

namespace Platform.Core.Alerts.Machine;

/// <summary>
/// Prometheus's alert states, evaluation by evaluation, and with data that are missing as a third kind of result.
/// Total over its inputs; each alert's move has its reason.
/// </summary>
public static class AlertMachine
{
    public static ImmutableSortedDictionary<string, ActiveAlert> NoAlerts { get; } =
        ImmutableSortedDictionary.Create<string, ActiveAlert>(StringComparer.Ordinal);

    public static MachineStep Evaluate(
        ImmutableSortedDictionary<string, ActiveAlert> alerts, AlertTiming timing, IReadOnlyCollection<SeriesResult> results, DateTimeOffset now)
    {
        var found = new Dictionary<string, SeriesResult>(results.Count, StringComparer.Ordinal);
        foreach (var result in results)
        {
            if (!found.TryAdd(AlertLabels.Fingerprint(result.Labels), result)) return new(alerts, [], [], EvaluationReason.DuplicateLabels);
        }

        var changes = alerts.Keys.Union(found.Keys, StringComparer.Ordinal).Order(StringComparer.Ordinal)
            .Select(fingerprint => Move(fingerprint, alerts.GetValueOrDefault(fingerprint), found.GetValueOrDefault(fingerprint), timing, now))
            .OfType<AlertChange>().ToImmutableArray();
        var active = changes.Count(change => change.After is { State: not AlertState.Resolved });
        if (timing.MaxAlerts > 0 && active > timing.MaxAlerts) return new(NoAlerts, [], [], EvaluationReason.TooManyAlerts);

        var next = changes.Where(change => change.After is not null).ToImmutableSortedDictionary(change => change.Fingerprint, change => change.After!, StringComparer.Ordinal);
        ImmutableArray<string> toSend = [.. next.Where(alert => NeedsSending(alert.Value, now)).Select(alert => alert.Key)];
        var sent = next.SetItems(toSend.Select(fingerprint => KeyValuePair.Create(fingerprint, next[fingerprint] with { LastSentAt = now })));
        return new(sent, changes, toSend, EvaluationReason.Evaluated);
    }

    /// <summary>
    /// After a time without evaluations: what was pending is not held against the time that nobody watched, nor does it
    /// start over. What fires goes on firing.
    /// </summary>
    /// <param name="downAt">The last evaluation before.</param>
    public static ImmutableSortedDictionary<string, ActiveAlert> Restore(
        ImmutableSortedDictionary<string, ActiveAlert> alerts, AlertTiming timing, DateTimeOffset downAt, DateTimeOffset now)
    {
        if (timing.For < AlertTiming.RestoreGrace) return alerts;
        return alerts.SetItems(alerts.Where(alert => alert.Value.State is AlertState.Pending)
            .Select(alert => KeyValuePair.Create(alert.Key, alert.Value with { ActiveAt = RestoredActiveAt(alert.Value.ActiveAt, timing, downAt, now) })));
    }

    private static DateTimeOffset RestoredActiveAt(DateTimeOffset activeAt, AlertTiming timing, DateTimeOffset downAt, DateTimeOffset now)
    {
        var remaining = timing.For - (downAt - activeAt);
        if (remaining <= TimeSpan.Zero) return activeAt;
        if (remaining < AlertTiming.RestoreGrace) return now + AlertTiming.RestoreGrace - timing.For;
        return activeAt + (now - downAt);
    }

    private static AlertChange? Move(string fingerprint, ActiveAlert? before, SeriesResult? result, AlertTiming timing, DateTimeOffset now)
    {
        if (result?.Verdict is SeriesVerdict.Missing)
        {
            var missing = before is null ? null : before with { MissingSince = before.MissingSince ?? now };
            return timing.MissingData switch
            {
                MissingDataPolicy.Alert => MarkMissing(Hold(fingerprint, missing, result, timing, now), before?.MissingSince ?? now),
                MissingDataPolicy.Ok => Cease(fingerprint, missing, timing, now),
                _ => Keep(fingerprint, missing, timing, now),
            };
        }

        var seen = before is null ? null : before with { MissingSince = null };
        return result?.Verdict is SeriesVerdict.Breaching ? Hold(fingerprint, seen, result, timing, now) : Cease(fingerprint, seen, timing, now);
    }

    /// <summary>The condition holds.</summary>
    private static AlertChange Hold(string fingerprint, ActiveAlert? before, SeriesResult result, AlertTiming timing, DateTimeOffset now)
    {
        var isNew = before is null or { State: AlertState.Resolved };
        var alert = isNew
            ? new ActiveAlert(result.Labels, AlertState.Pending, now, result.Value)
            : before! with { Value = result.Value ?? before.Value, KeepFiringSince = null };
        var heldLongEnough = now - alert.ActiveAt >= timing.For;
        if (alert.State is AlertState.Pending && heldLongEnough)
            return new(fingerprint, before, alert with { State = AlertState.Firing, FiredAt = now }, AlertReason.HeldForLongEnough);
        if (alert.State is AlertState.Firing && !heldLongEnough)
            return new(fingerprint, before, alert with { State = AlertState.Pending, FiredAt = null }, AlertReason.ForWasProlonged);
        var reason = isNew ? AlertReason.ConditionMet : alert.State is AlertState.Firing ? AlertReason.StillFiring : AlertReason.AwaitingFor;
        return new(fingerprint, before, alert, reason);
    }

    private static AlertChange MarkMissing(AlertChange change, DateTimeOffset since) => change with { After = change.After! with { MissingSince = since } };

    /// <summary>The condition does not hold.</summary>
    private static AlertChange? Cease(string fingerprint, ActiveAlert? before, AlertTiming timing, DateTimeOffset now)
    {
        if (before is null) return null;
        if (before.State is AlertState.Pending) return new(fingerprint, before, null, AlertReason.PendingCeased);
        if (before.State is AlertState.Resolved) return Remember(fingerprint, before, now);
        var since = before.KeepFiringSince ?? now;
        if (timing.KeepFiringFor <= TimeSpan.Zero || now - since >= timing.KeepFiringFor)
            return new(fingerprint, before, before with { State = AlertState.Resolved, ResolvedAt = now }, AlertReason.ConditionCeased);
        var kept = before with { KeepFiringSince = since };
        // A "for" that was prolonged holds for an alert that is only kept firing as well.
        return now - before.ActiveAt < timing.For
            ? new(fingerprint, before, kept with { State = AlertState.Pending, FiredAt = null }, AlertReason.ForWasProlonged)
            : new(fingerprint, before, kept, AlertReason.KeptFiring);
    }

    private static AlertChange? Keep(string fingerprint, ActiveAlert? before, AlertTiming timing, DateTimeOffset now) => before switch
    {
        null => null,
        { State: AlertState.Resolved } => Remember(fingerprint, before, now),
        _ => new(fingerprint, before, before, AlertReason.KeptForMissingData),
    };

    private static AlertChange Remember(string fingerprint, ActiveAlert before, DateTimeOffset now) =>
        now - before.ResolvedAt > AlertTiming.ResolvedRetention
            ? new(fingerprint, before, null, AlertReason.RetentionPassed)
            : new(fingerprint, before, before, AlertReason.RememberedResolved);

    private static bool NeedsSending(ActiveAlert alert, DateTimeOffset now)
    {
        if (alert.State is AlertState.Pending) return false;
        if (alert.LastSentAt is not { } sent) return true;
        return alert.ResolvedAt > sent || sent + AlertTiming.ResendDelay < now;
    }
}
