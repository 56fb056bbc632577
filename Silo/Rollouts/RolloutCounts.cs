using System.Collections.Immutable;
using Platform.Core.Measuring;
using Platform.Core.Quality;
using Platform.Core.Rollouts;
using Platform.Core.Serving;
using Platform.Core.Statistics;
using Platform.SharedState.Metrics;
using Platform.SharedState.Quality;
using Platform.SharedState.Rollouts;

namespace Platform.Silo.Rollouts;

/// <summary>One second of a rollout.</summary>
internal sealed record CountedSecond(long Second, ImmutableArray<CheckCounts> Checks, ShadowFigures Shadow);

/// <summary>What was counted for a rollout's bounds, from the metric store.</summary>
internal sealed class RolloutCounts(MetricReader reader, ShadowStore shadows, QualityStore quality)
{
    private const int Minute = 60;
    private const int ReferenceMinutes = 11;
    private const int HistoryMinutes = 31;

    /// <summary>Milliseconds beyond which an answer counts as slow, for each latency bound; bounds against stable need its quantile.</summary>
    public async Task<ImmutableDictionary<GuardrailCheck, double>> ThresholdsAsync(RolloutState rollout, DateTimeOffset now)
    {
        var checks = rollout.Plan.Checks().Where(check => check.Kind is MetricKind.Latency).ToArray();
        if (checks.Length == 0) return ImmutableDictionary<GuardrailCheck, double>.Empty;
        var reference = (await MinutesAsync(rollout, now, ReferenceMinutes)).Aggregate(new MetricCounts(), (sum, minute) =>
        {
            if (minute is not null) sum.Merge(minute);
            return sum;
        });
        return checks.Select(check => (Check: check, Threshold: check.Bound is Bound.Max
                ? check.Limit
                : check.Limit * reference.LatencyMs.Quantile(GuardrailCheck.LevelOf(check.Metric)!.Value)))
            .Where(pair => pair.Threshold is not null)
            .ToImmutableDictionary(pair => pair.Check, pair => pair.Threshold!.Value);
    }

    /// <summary>How much stable's minutes before now varied, for each bound and for the parts that it had then.</summary>
    public async Task<(Func<GuardrailCheck, Dispersion> Noise, ImmutableArray<GuardrailCheck> Parts)> NoiseAsync(
        RolloutState rollout, ImmutableDictionary<GuardrailCheck, double> thresholds, DateTimeOffset now)
    {
        var minutes = await MinutesAsync(rollout, now, HistoryMinutes);
        var predicted = await PredictedMinutesAsync(rollout, now);
        var parts = rollout.Plan.Checks().Where(check => check.IsByClass)
            .SelectMany(whole => ClassTicks.Of(whole, new QualityCounts(), QualityCounts.Sum(predicted)))
            .Select(of => of.Check).Where(check => !check.IsWhole).ToImmutableArray();
        return (Noise, parts);

        Dispersion Noise(GuardrailCheck check) => (check.IsOfFeedback
            ? predicted.Select(minute => StableOf(check, minute))
            : minutes.SkipLast(1).Select(minute => minute is null ? null : Count(check, minute, thresholds)))
            .Aggregate(Dispersion.Empty, (noise, minute) => noise.With(minute?.Requests ?? 0, minute?.Bad ?? 0));
    }

    private static (long Requests, long Bad)? StableOf(GuardrailCheck check, QualityCounts stable)
    {
        if (!check.IsByClass) return Label(check, stable);
        return check.IsWhole ? null : ClassTicks.Of(check with { Part = null, Rarer = false }, new QualityCounts(), stable)
            .FirstOrDefault(of => of.Check == check)?.Counts is { } tick ? (tick.StableRequests, tick.StableBad) : null;
    }

    private async Task<ImmutableArray<QualityCounts>> PredictedMinutesAsync(RolloutState rollout, DateTimeOffset now)
    {
        if (!rollout.Plan.Checks().Any(check => check.IsOfFeedback)) return [];
        var slots = QualityWindow.Slots(SlotSize.Minute, now - TimeSpan.FromMinutes(HistoryMinutes), now)[..^1];
        var read = (await quality.ReadAsync(rollout.Model, rollout.From, slots)).ToDictionary(slot => slot.Slot);
        return [.. slots.Select(slot => read.TryGetValue(slot, out var counted) ? counted.Of(PlannedRoute.Stable) : new QualityCounts())];
    }

    /// <summary>The seconds from <paramref name="from"/> to before <paramref name="to"/>.</summary>
    public async Task<ImmutableArray<CountedSecond>> SecondsAsync(
        RolloutState rollout, ImmutableDictionary<GuardrailCheck, double> thresholds, long from, long to)
    {
        var window = new MetricWindow(DateTimeOffset.FromUnixTimeSeconds(from), TimeSpan.FromSeconds(1), (int)(to - from), MetricResolution.Second);
        var stable = (await reader.ReadAsync(rollout.Model, rollout.From, window)).Steps(MetricSource.Api, rollout.From, PlannedRoute.Stable);
        var isShadow = rollout.Plan.Strategy is RolloutStrategy.Shadow;
        var canary = (await reader.ReadAsync(rollout.Model, rollout.Plan.To, window))
            .Steps(MetricSource.Api, rollout.Plan.To, isShadow ? ShadowPlan.Route : PlannedRoute.Canary);
        var compared = isShadow ? await shadows.ReadAsync(rollout.Model, rollout.Plan.To, from, to) : null;
        var checks = rollout.Plan.Checks();
        return
        [
            .. Enumerable.Range(0, window.Steps).Select(step => new CountedSecond(
                from + step,
                [.. checks.Select(check => Count(check, canary[step], stable[step], compared?[step], thresholds))],
                compared?[step] ?? ShadowFigures.None)),
        ];
    }

    /// <summary>
    /// What was predicted, and what labels and outcomes said of it until now, for each bound and its parts; null where a
    /// bound's values are not 0 and 1. Late ones add to it whenever they come.
    /// </summary>
    public async Task<ImmutableArray<CheckCounts>> LabelsAsync(RolloutState rollout, DateTimeOffset now)
    {
        var isShadow = rollout.Plan.Strategy is RolloutStrategy.Shadow;
        var canary = await quality.SumAsync(
            rollout.Model, rollout.Plan.To, rollout.CreatedAt, now, isShadow ? ShadowPlan.Route : PlannedRoute.Canary);
        var stable = await quality.SumAsync(rollout.Model, rollout.From, rollout.CreatedAt, now, PlannedRoute.Stable);
        return [.. rollout.Plan.Checks().Where(check => check.IsOfFeedback).SelectMany(check => check.IsByClass ? ClassTicks.Of(check, canary, stable) : [Label(check, canary, stable)])];
    }

    private static CheckCounts Label(GuardrailCheck check, QualityCounts canary, QualityCounts stable) => new(
        check, Label(check, canary) is var (nc, xc) && Label(check, stable) is var (ns, xs) ? new CountTick(nc, xc, ns, xs) : null);

    private static (long Counted, long Bad)? Label(GuardrailCheck check, QualityCounts counts)
    {
        if (check.Kind is MetricKind.WrongLabels) return (counts[CounterNames.Labelled], counts[CounterNames.Wrong]);
        if (check.Kind is MetricKind.NotANumber) return (counts[CounterNames.Predicted], counts[CounterNames.NotFinite]);
        var moments = OutcomeMoments.Of(counts, GuardrailCheck.OutcomeOf(check.Metric));
        // Only zeroes and ones are their own squares.
        if (!moments.Sum.Equals(moments.SumOfSquares)) return null;
        return (moments.Count, check.IsMoreBetter ? moments.Count - (long)moments.Sum : (long)moments.Sum);
    }

    private static CheckCounts Count(
        GuardrailCheck check, MetricCounts? canary, MetricCounts? stable, ShadowFigures? compared, ImmutableDictionary<GuardrailCheck, double> thresholds)
    {
        if (check.Kind is MetricKind.Disagreement)
            return new(check, new CountTick(compared!.Compared, compared.Compared - compared.Agreed, 0, 0));
        double? threshold = thresholds.TryGetValue(check, out var known) ? known : null;
        var none = new MetricCounts();
        return Count(check, canary ?? none, thresholds) is var (nc, xc) && Count(check, stable ?? none, thresholds) is var (ns, xs)
            ? new(check, new CountTick(nc, xc, ns, xs), threshold)
            : new(check, null);
    }

    /// <summary>How many requests count for the bound and how many were bad; null if nothing is collected for it.</summary>
    private static (long Requests, long Bad)? Count(GuardrailCheck check, MetricCounts counts, ImmutableDictionary<GuardrailCheck, double> thresholds) => check.Kind switch
    {
        // What the client did wrong, or broke off, says nothing of a version.
        MetricKind.Errors => (counts.Requests - counts.Of(InferenceOutcome.Invalid) - counts.Of(InferenceOutcome.Cancelled), counts.Errors),
        MetricKind.Latency when thresholds.TryGetValue(check, out var threshold) => (counts.LatencyMs.Count, counts.LatencyMs.CountAbove(threshold)),
        _ => null,
    };

    private async Task<ImmutableArray<MetricCounts?>> MinutesAsync(RolloutState rollout, DateTimeOffset now, int minutes)
    {
        var end = now.ToUnixTimeSeconds() / Minute * Minute;
        var window = new MetricWindow(
            DateTimeOffset.FromUnixTimeSeconds(end - ((minutes - 1) * Minute)), TimeSpan.FromSeconds(Minute), minutes, MetricResolution.Minute);
        return (await reader.ReadAsync(rollout.Model, rollout.From, window)).Steps(MetricSource.Api, rollout.From, PlannedRoute.Stable);
    }
}
