using System.Collections.Immutable;
using Platform.Core.Measuring;
using Platform.Core.Rollouts;
using Platform.Core.Statistics;

namespace Platform.Silo.Rollouts;

internal sealed partial class RolloutGrain
{
    /// <summary>Seconds counted in one tick when there are many to catch up with.</summary>
    private const int MaxSecondsPerTick = 30;
    private const double TrafficWindowSeconds = 30;
    private static readonly TimeSpan LabelPeriod = TimeSpan.FromSeconds(3);
    private static readonly TimeSpan ThresholdPeriod = TimeSpan.FromSeconds(15);
    private ImmutableDictionary<GuardrailCheck, double> thresholds = ImmutableDictionary<GuardrailCheck, double>.Empty;
    private long? thresholdsRead;
    private long? labelsRead;
    private double canaryPerSecond;

    /// <summary>The rollout with the new seconds counted, and the verdict on its step if there were any.</summary>
    private sealed record Judged(RolloutState Rollout, StepJudgement? Judgement, ShadowFigures? Shadow, ImmutableArray<CheckCounts>? Counted = null);

    private async Task<Judged> JudgeAsync(RolloutState rollout, DateTimeOffset now)
    {
        // The last seconds are left out: not every process has handed in what it counted.
        var settled = (now - MetricRetention.Settling).ToUnixTimeSeconds();
        await RefreshThresholdsAsync(rollout, now);
        var state = rollout.Judged ?? await StartAsync(rollout, now);
        var from = Math.Max(state.LastSlot + 1, now.ToUnixTimeSeconds() - (long)MetricRetention.Seconds.TotalSeconds + MaxSecondsPerTick);
        var to = Math.Min(settled, from + MaxSecondsPerTick);
        if (to <= from) return new(rollout with { Judged = state }, Again(rollout, state, now), null);

        var shadow = stored.State.Shadow ?? ShadowFigures.None;
        ImmutableArray<CheckCounts> last = [];
        var (counted, late) = await LateLabelsAsync(rollout, now);
        foreach (var second in await counts.SecondsAsync(rollout, thresholds, from, to))
        {
            // What labels said since the last look counts as said in the last of these seconds.
            last = [.. second.Checks.Where(check => !check.Check.IsOfFeedback), .. second.Second == to - 1 ? late : Silent(rollout)];
            state = Judge.Observe(state, second.Second, last, rollout.Plan.Alpha);
            shadow += second.Shadow;
            var requests = second.Checks.Max(check => check.Counts?.CanaryRequests ?? 0);
            canaryPerSecond += (requests - canaryPerSecond) / TrafficWindowSeconds;
        }

        var judgement = StepJudgement.Of(state, rollout.Plan, rollout.Step, last, canaryPerSecond, now);
        return new(rollout with { Judged = state, Measurements = judgement.Measurements }, judgement, shadow, counted);
    }

    /// <summary>All that predictions and labels said so far, and what of it is new since the last look.</summary>
    private async Task<(ImmutableArray<CheckCounts>? All, IEnumerable<CheckCounts> New)> LateLabelsAsync(RolloutState rollout, DateTimeOffset now)
    {
        if (!rollout.Plan.Checks().Any(check => check.IsOfFeedback)) return (null, []);
        if (labelsRead is { } read && clock.GetElapsedTime(read) < LabelPeriod) return (stored.State.Counted, Silent(rollout));
        var known = (stored.State.Counted ?? []).ToDictionary(of => of.Check, of => of.Counts);
        var all = await counts.LabelsAsync(rollout, now);
        labelsRead = clock.GetTimestamp();
        return (
            [.. all.Select(of => of.Counts is null ? of with { Counts = known.GetValueOrDefault(of.Check) } : of)],
            [.. all.Select(of => of.Counts is { } total ? of with { Counts = Since(known.GetValueOrDefault(of.Check) ?? default, total) } : of)]);
    }

    /// <summary>What is counted late has nothing to say of most seconds.</summary>
    private static IEnumerable<CheckCounts> Silent(RolloutState rollout) =>
        rollout.Plan.Checks().Where(check => check.IsOfFeedback).Select(check => new CheckCounts(check, default(CountTick)));

    private static CountTick Since(CountTick known, CountTick total)
    {
        // A label that is said again replaces the first, so that a count may even fall.
        var (nc, ns) = (Math.Max(0, total.CanaryRequests - known.CanaryRequests), Math.Max(0, total.StableRequests - known.StableRequests));
        return new(
            nc, Math.Clamp(total.CanaryBad - known.CanaryBad, 0, nc), ns, Math.Clamp(total.StableBad - known.StableBad, 0, ns));
    }

    /// <summary>What is known already, as when a tick comes before the next second has settled.</summary>
    private StepJudgement Again(RolloutState rollout, JudgeState state, DateTimeOffset now) => StepJudgement.Of(
        state, rollout.Plan, rollout.Step,
        [.. (rollout.Measurements ?? []).Where(look => look.Reason is CheckReason.NotMeasured)
            .Select(look => new CheckCounts(rollout.Plan.Checks().First(check => check.Metric == look.Metric && check.Bound == look.Bound && check.Limit.Equals(look.Limit)), null))],
        canaryPerSecond, now);

    private async Task<JudgeState> StartAsync(RolloutState rollout, DateTimeOffset now)
    {
        var (noise, parts) = await counts.NoiseAsync(rollout, thresholds, now);
        return Judge.NextStep(Judge.Start(now.ToUnixTimeSeconds() - 1, [.. rollout.Plan.Checks(), .. parts], noise), rollout.IsAlone);
    }

    private async Task RefreshThresholdsAsync(RolloutState rollout, DateTimeOffset now)
    {
        if (thresholdsRead is { } read && clock.GetElapsedTime(read) < ThresholdPeriod) return;
        thresholds = await counts.ThresholdsAsync(rollout, now);
        thresholdsRead = clock.GetTimestamp();
    }
}
