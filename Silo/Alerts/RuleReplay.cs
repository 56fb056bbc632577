using System.Collections.Immutable;
using Platform.Contracts.Alerts;
using Platform.Core.Alerts.Kinds;
using Platform.Core.Alerts.Machine;
using Platform.Core.Alerts.Rules;
using Platform.Core.Measuring;
using Platform.Core.Quality;
using Platform.Core.Results;
using Platform.SharedState.Metrics;
using Platform.SharedState.Plans;
using Platform.SharedState.Quality;

namespace Platform.Silo.Alerts;

/// <summary>Runs a rule over what was counted, through the same judge and the same machine as live.</summary>
internal sealed class RuleReplay(MetricReader metrics, QualityStore quality, PlanFollower plans)
{
    private static readonly TimeSpan SecondsStep = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan SecondsSpan = TimeSpan.FromMinutes(10);
    private static readonly TimeSpan LearningTime = TimeSpan.FromDays(7);

    public async Task<Outcome<ReplayView>> RunAsync(AlertRule rule, DateTimeOffset from, DateTimeOffset to, DateTimeOffset now)
    {
        if (from >= to) return Refusal.Invalid("from", "Give a time before \"to\".");
        if (to > now) return Refusal.Invalid("to", "What is to come cannot be replayed; give a time up to now.");
        if (from < now - MetricRetention.Minutes) return Refusal.Invalid("from", "Counts are kept for 30 days; give a later time.");
        var origin = AlertMetric.Find(rule.Metric)!.Origin;
        if (origin is MetricOrigin.Workers or MetricOrigin.Drift or MetricOrigin.Protection) return Refusal.CheckFailed($"What {rule.Metric} was is not kept, so this rule cannot be replayed.");

        var start = Later(from - Lookback(rule), now - MetricRetention.Minutes + TimeSpan.FromMinutes(1));
        return origin is MetricOrigin.Quality
            ? await OverQualityAsync(rule, start, from, to, now)
            : await OverMetricsAsync(rule, origin, start, from, to, now);
    }

    private async Task<Outcome<ReplayView>> OverMetricsAsync(
        AlertRule rule, MetricOrigin origin, DateTimeOffset start, DateTimeOffset from, DateTimeOffset to, DateTimeOffset now)
    {
        var bySeconds = to - start <= SecondsSpan && start >= now - MetricRetention.Seconds;
        var minutes = Math.Ceiling((to - start) / MetricWindow.MaxSteps / TimeSpan.FromMinutes(1));
        var step = bySeconds ? SecondsStep : TimeSpan.FromMinutes(Math.Max(1, minutes));
        if (!MetricWindow.Choose(start, to, step, now).Succeeded(out var window, out var refusal)) return refusal;
        var reading = await metrics.ReadAsync(rule.Model, rule.Version, window);
        var counts = reading.Steps(origin is MetricOrigin.Work ? MetricSource.Worker : MetricSource.Api, rule.Version, rule.Route);
        return Run(rule, ReplayedSteps.Of(rule, step, counts), [.. Enumerable.Range(0, window.Steps).Select(i => window.Begin(i) + step)], step, from, to);
    }

    private async Task<Outcome<ReplayView>> OverQualityAsync(AlertRule rule, DateTimeOffset start, DateTimeOffset from, DateTimeOffset to, DateTimeOffset now)
    {
        var size = start > now - Slot.KeptFor(SlotSize.Minute) + Slot.LengthOf(SlotSize.Hour) ? SlotSize.Minute : SlotSize.Hour;
        var slots = QualityWindow.Slots(size, start, to);
        var found = await Task.WhenAll(plans.VersionsOf(rule).Select(version => quality.ReadAsync(rule.Model, version, slots)));
        var read = found.SelectMany(version => version).GroupBy(slot => slot.Slot)
            .ToDictionary(slot => slot.Key, slot => QualityCounts.Sum(slot.Select(version => version.Of(rule.Route))));
        return Run(
            rule, ReplayedSteps.Of(rule, Slot.LengthOf(size), [.. slots.Select(slot => read.GetValueOrDefault(slot))]), [.. slots.Select(slot => slot.End)], Slot.LengthOf(size), from, to);
    }

    private static ReplayView Run(AlertRule rule, ReplayedSteps steps, ImmutableArray<DateTimeOffset> ends, TimeSpan step, DateTimeOffset from, DateTimeOffset to)
    {
        var (alerts, memory, timing, labels) = (AlertMachine.NoAlerts, RuleMemory.None, rule.Timing(step), rule.AlertLabels());
        var changes = ImmutableArray.CreateBuilder<ReplayedChange>();
        var (evaluations, missing, firingFor) = (0, 0, TimeSpan.Zero);
        for (var i = 0; i < ends.Length; i++)
        {
            var judged = steps.Judge(rule, i, memory, ends[i]);
            memory = judged.Memory;
            // Before that it only fills windows, and learns.
            if (ends[i] <= from) continue;
            var moved = AlertMachine.Evaluate(alerts, timing, [new SeriesResult(labels, judged.Verdict, judged.Value)], ends[i]);
            changes.AddRange(moved.Changes.Where(change => change.IsTransition)
                .Select(change => new ReplayedChange(ends[i], change.Before?.State, change.After?.State, change.Reason, judged.Value)));
            (alerts, evaluations) = (moved.Alerts, evaluations + 1);
            if (judged.Verdict is SeriesVerdict.Missing) missing++;
            if (alerts.Values.Any(alert => alert.State is AlertState.Firing)) firingFor += step;
        }

        return new(from, to, step, evaluations, missing, changes.Count(change => change.To is AlertState.Firing), firingFor, changes.ToImmutable());
    }

    private static TimeSpan Lookback(AlertRule rule) => rule.Kind switch
    {
        AlertKind.BurnRate => BurnRate.Pairs.Max(pair => pair.LongWindow),
        AlertKind.Anomaly => LearningTime,
        AlertKind.Absence when rule.OnlyAfterData => LearningTime,
        _ => rule.Window,
    };

    private static DateTimeOffset Later(DateTimeOffset one, DateTimeOffset other) => one > other ? one : other;
}
