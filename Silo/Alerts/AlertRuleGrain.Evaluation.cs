using System.Collections.Immutable;
using Platform.Contracts;
using Platform.Contracts.Alerts;
using Platform.Core.Alerts.Kinds;
using Platform.Core.Alerts.Machine;
using Platform.Core.Alerts.Routing;
using Platform.Core.Alerts.Rules;
using Platform.Core.Serving;
using Platform.SharedState;
using Platform.SharedState.Alerts;

namespace Platform.Silo.Alerts;

internal sealed partial class AlertRuleGrain
{
    /// <summary>How old what is stored of a pending alert may be, so that a restart knows when it was last looked at.</summary>
    private static readonly TimeSpan PendingWriteInterval = TimeSpan.FromSeconds(30);

    private DateTimeOffset? evaluatedAt;
    private long drained = -1;
    private RuleHealth? health;

    public async Task EvaluateAsync(DateTimeOffset now)
    {
        try
        {
            await DrainAsync();
            // A tick that comes twice decides nothing twice.
            if (Current.Rule is not { } rule || now <= (evaluatedAt ?? Current.EvaluatedAt)) return;
            var isOn = rule.Enabled && !Current.IsSuspended;
            var judged = isOn ? await measurements.JudgeAsync(rule, Current.Memory, now) : null;
            await StepAsync(rule, judged, now);
        }
        catch (Exception e) when (RedisFault.Is(e) || e is ControlPlaneUnavailableException or OrleansException)
        {
            // No evaluation is no verdict: nothing is resolved by it, and the next tick tries again.
            LogNotEvaluated(Name, e.Message);
        }
    }

    private async Task StepAsync(AlertRule rule, Judgement? judged, DateTimeOffset now)
    {
        var timing = judged is null ? rule.Timing(options.Value.EvaluationInterval) with { KeepFiringFor = TimeSpan.Zero } : rule.Timing(options.Value.EvaluationInterval);
        var step = Machine(rule, judged, timing, now);
        evaluatedAt = now;
        var labels = rule.AlertLabels();
        var mine = step.Alerts.GetValueOrDefault(AlertLabels.Fingerprint(labels));
        health = new RuleHealth(now, judged?.Verdict ?? SeriesVerdict.Clear, judged?.Reason ?? ConditionReason.NotBreached, judged?.Value, step.Reason, mine?.State);
        var memory = judged?.Memory ?? Current.Memory;
        if (!IsWorthWriting(step, memory, now)) return;
        foreach (var change in step.Changes.Where(change => change.IsTransition))
            LogMoved(Name, change.Fingerprint, change.Before?.State, change.After?.State, change.Reason);
        await WriteAsync(Told(Current with { Memory = memory, Condition = judged?.Reason.ToString() ?? "" }, rule, step, timing, now));
        await DrainAsync();
    }

    private MachineStep Machine(AlertRule rule, Judgement? judged, AlertTiming timing, DateTimeOffset now)
    {
        var alerts = Current.Alerts;
        // A long pause is a restart, or a store that did not answer.
        if ((evaluatedAt ?? Current.EvaluatedAt) is { } before && now - before > 2 * timing.Interval + PendingWriteInterval)
            alerts = AlertMachine.Restore(alerts, timing, before, now);
        IReadOnlyCollection<SeriesResult> results = judged is null ? [] : [new(rule.AlertLabels(), judged.Verdict, judged.Value)];
        return AlertMachine.Evaluate(alerts, timing, results, now);
    }

    /// <summary>Ends every alert of the rule, and tells it, together with a change of the rule itself.</summary>
    private async Task EndAsync(Func<AlertRuleState, AlertRuleState> change)
    {
        await DrainAsync();
        var (rule, now) = (Current.Rule!, clock.GetUtcNow());
        var timing = rule.Timing(options.Value.EvaluationInterval) with { KeepFiringFor = TimeSpan.Zero };
        var step = AlertMachine.Evaluate(Current.Alerts, timing, [], now);
        var told = Told(Current, rule, step, timing, now);
        await WriteAsync(change(told));
        await DrainAsync();
    }

    private AlertRuleState Told(AlertRuleState state, AlertRule rule, MachineStep step, AlertTiming timing, DateTimeOffset now)
    {
        var inhibited = RolloutOf(rule);
        return state with
        {
            Alerts = step.Alerts,
            EvaluatedAt = now,
            InhibitedBy = inhibited,
            Events =
            [
                .. step.Changes.Where(change => change.IsTransition).Select(change => new AlertEvent(
                    now, Name, change.Fingerprint, (change.After ?? change.Before)!.Labels, change.Before?.State, change.After?.State, change.Reason.ToString(), change.After?.Value)),
            ],
            Notices = [.. step.ToSend.Select(fingerprint => new PendingNotice(rule.Channels, Notice(rule, step.Alerts[fingerprint], timing, inhibited, now)))],
        };
    }

    private static GroupedAlert Notice(AlertRule rule, ActiveAlert alert, AlertTiming timing, string? inhibited, DateTimeOffset now) =>
        alert.State is AlertState.Resolved
            ? new(alert.Labels, rule.Annotations, alert.FiredAt ?? alert.ActiveAt, alert.ResolvedAt!.Value, HasEnded: true, inhibited)
            : new(alert.Labels, rule.Annotations, alert.FiredAt ?? alert.ActiveAt, timing.ValidUntil(now), HasEnded: false, inhibited);

    /// <summary>A canary is watched by its own rollout, which takes it back; nobody has to be woken for it.</summary>
    private string? RolloutOf(AlertRule rule) =>
        rule.Version is { } version && plans.Plans.GetValueOrDefault(rule.Model) is { } plan
            && plan.Routes.Any(route => route.Route == PlannedRoute.Canary && route.Version == version)
            && !plan.Routes.Any(route => route.Route == PlannedRoute.Stable && route.Version == version)
            ? $"A rollout of {rule.Model} is in progress, and {version} is its canary."
            : null;

    private bool IsWorthWriting(MachineStep step, RuleMemory memory, DateTimeOffset now)
    {
        if (!step.ToSend.IsEmpty || memory != Current.Memory || step.Alerts.Count != Current.Alerts.Count) return true;
        if (step.Changes.Any(change => change.Before is null || change.After is null || change.Before with { Value = null } != change.After with { Value = null })) return true;
        return step.Alerts.Values.Any(alert => alert.State is AlertState.Pending) && now - Current.EvaluatedAt >= PendingWriteInterval;
    }

    /// <summary>Tells everybody what the last write says, once or, after a crash, again: each of them takes it twice without harm.</summary>
    private async Task DrainAsync()
    {
        if (drained == Current.Sequence) return;
        ImmutableArray<BoardAlert> shown = Current.Rule is { } rule
            ? [.. Current.Alerts.Values.Select(alert => new BoardAlert(Name, alert, rule.Annotations, rule.Channels, Current.Condition, Current.InhibitedBy))]
            : [];
        await board.PublishAsync(Name, shown, Current.Events);
        foreach (var notice in Current.Notices)
        {
            foreach (var channel in await ChannelsAsync(notice)) await HandOnAsync(channel, notice.Alert);
        }

        drained = Current.Sequence;
    }

    /// <summary>The platform's own rules tell everybody until somebody says whom; nobody could have been named when they were made.</summary>
    private async Task<IEnumerable<string>> ChannelsAsync(PendingNotice notice) => notice.Channels.IsEmpty && Current.CreatedBy == DefaultRules.Author
        ? (await Book.ListChannelsAsync()).Select(channel => channel.Channel.Name)
        : notice.Channels;

    private async Task HandOnAsync(string channel, GroupedAlert alert)
    {
        if (await Book.FindStoredChannelAsync(channel) is not { } known)
        {
            LogNoChannel(Name, channel);
            return;
        }

        var key = AlertGroupKey.Of(channel, GroupKey.Labels(alert.Labels, known.Channel.GroupBy));
        await GrainFactory.GetGrain<IAlertGroupGrain>(key).ReceiveAsync([alert]);
    }

    [LoggerMessage(LogLevel.Information, "Alert {Fingerprint} of rule {Rule} moved from {Before} to {After}: {Reason}.")]
    private partial void LogMoved(string rule, string fingerprint, AlertState? before, AlertState? after, AlertReason reason);

    [LoggerMessage(LogLevel.Warning, "Rule {Rule} was not evaluated: {Reason}")]
    private partial void LogNotEvaluated(string rule, string reason);

    [LoggerMessage(LogLevel.Warning, "Rule {Rule} told nobody at channel {Channel}, which does not exist.")]
    private partial void LogNoChannel(string rule, string channel);
}
