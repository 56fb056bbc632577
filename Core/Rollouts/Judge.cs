using System.Collections.Immutable;
using System.Text.Json.Serialization;
using Platform.Core.Statistics;

namespace Platform.Core.Rollouts;

/// <summary>What the judge remembers between ticks.</summary>
/// <param name="LastSlot">The last second that was counted; a second is never counted twice.</param>
/// <param name="Checks">Each bound, in the plan's order; after them the parts of those that have parts, as they turn up.</param>
public sealed record JudgeState(long LastSlot, ImmutableArray<CheckState> Checks)
{
    /// <summary>The bounds themselves.</summary>
    [JsonIgnore]
    public IEnumerable<CheckState> Wholes => Checks.Where(check => check.Check.IsWhole);

    [JsonIgnore]
    public int Bounds => Wholes.Count();

    /// <summary>That which decides on a bound: itself, or the part that speaks most for harm.</summary>
    public CheckState Decisive(GuardrailCheck whole)
    {
        var own = Checks.First(check => check.Check == whole);
        var part = Checks.Where(check => check.Check is { IsWhole: false } of && of with { Part = null, Rarer = false } == whole)
            .OrderByDescending(check => check.FailingTicks).ThenByDescending(check => WeightOfEvidence.Of(check).Deciding).FirstOrDefault();
        // Whether there was enough to look at is a matter of the whole.
        return part is null ? own : part with { OfStep = own.OfStep };
    }

    /// <summary>Logarithm of a bound's E-value, less what it is divided by for having parts.</summary>
    public double Strength(CheckState whole)
    {
        var decisive = Decisive(whole.Check);
        return WeightOfEvidence.Of(decisive).Deciding - (decisive.Check.IsWhole ? 0 : Math.Log(decisive.Check.Parts));
    }
}

/// <summary>What was counted for one bound in one tick; null where nothing is collected.</summary>
/// <param name="Threshold">Of latencies: slower than this many milliseconds was counted.</param>
public sealed record CheckCounts(GuardrailCheck Check, CountTick? Counts, double? Threshold = null);

/// <summary>
/// Whether the canary is worse: a pure function over counts of each tick. Three ways lead to a failure. Far worse:
/// the exact process against a null of three times the allowed odds. Worse: the exact process with each tick weakened
/// by the noise that stable's own minutes show. Worse by counts and minutes: the plain exact process together with a
/// confidence sequence over the minutes. A bound that is absolute must be broken itself as well, so that what stable
/// suffers too is not the canary's fault.
/// </summary>
public static class Judge
{
    /// <summary>Evidence from which on a step does not advance, though it is not enough to roll back.</summary>
    private static readonly double LeaningLogE = Math.Log(5);

    /// <param name="noise">Stable's minutes before the rollout, for each bound.</param>
    public static JudgeState Start(long slot, ImmutableArray<GuardrailCheck> checks, Func<GuardrailCheck, Dispersion> noise) =>
        new(slot, [.. checks.Select(check => CheckState.Start(check, noise(check)))]);

    /// <summary>One more tick. A slot that was counted already changes nothing.</summary>
    public static JudgeState Observe(JudgeState state, long slot, IReadOnlyList<CheckCounts> counts, double alpha) =>
        slot <= state.LastSlot
            ? state
            : new(slot, [.. WithNewParts(state, counts).Select(check => Observe(check, slot, counts, check.Check.ShareOf(alpha, state.Bounds)))]);

    /// <summary>The next step counts its own requests; the evidence goes on.</summary>
    /// <param name="alone">The step leaves stable no traffic. The limit's evidence begins anew then: what both suffered before does not count.</param>
    public static JudgeState NextStep(JudgeState state, bool alone) => state with
    {
        Checks =
        [
            .. state.Checks.Select(check => check with
            {
                OfStep = default,
                Alone = alone,
                Ceiling = alone && !check.Alone ? CountEProcess.Start(check.Ceiling.Length) : check.Ceiling,
            }),
        ],
    };

    /// <summary>The bound's numbers and what they say.</summary>
    /// <param name="alpha">The rollout's, of which the bound has its share.</param>
    /// <param name="bounds">How many share it.</param>
    /// <param name="canaryPerSecond">The canary's present traffic.</param>
    public static Measurement Measure(
        CheckState state, CheckCounts? counts, double alpha, int bounds, int minRequests, double canaryPerSecond, DateTimeOffset at)
    {
        var share = state.Check.ShareOf(alpha, bounds);
        var weight = WeightOfEvidence.Of(state);
        var reason = Why(state, weight, counts, share, minRequests);
        var (total, logE) = (state.Total, weight.Deciding);
        var missing = Math.Max(0, minRequests - state.OfStep.CanaryRequests);
        return new(
            at, state.Check.Metric, state.Check.Part, state.Check.Bound, state.Check.Limit, counts?.Threshold,
            Value(state.Check, total.StableRequests, total.StableBad), Value(state.Check, total.CanaryRequests, total.CanaryBad),
            VerdictOf(reason), reason, total.CanaryRequests, total.CanaryBad, total.StableRequests, total.StableBad,
            Math.Exp(Math.Min(logE, 600)), Math.Min(1, Math.Exp(-state.PeakLogE)), share,
            ComparedWith(state), state.Noise.Cv, Outlook.ExpectedDecision(state, logE, share, missing, canaryPerSecond), missing);
    }

    private static IEnumerable<CheckState> WithNewParts(JudgeState state, IReadOnlyList<CheckCounts> counts) => state.Checks.Concat(
        counts.Where(count => !count.Check.IsWhole && count.Counts is not null && state.Checks.All(known => known.Check != count.Check))
            .Select(count => CheckState.Start(count.Check, Dispersion.Empty) with { Alone = state.Checks[0].Alone }));

    private static CheckState Observe(CheckState state, long slot, IReadOnlyList<CheckCounts> counts, double share)
    {
        if (counts.FirstOrDefault(candidate => candidate.Check == state.Check)?.Counts is not { } tick) return state;
        var next = Evidence.Observe(state, tick, slot, share);
        if (tick is { CanaryBad: 0, StableBad: 0 } && next.FailingTicks == 0) return next;
        var weight = WeightOfEvidence.Of(next);
        return next with
        {
            PeakLogE = Math.Max(next.PeakLogE, weight.Deciding),
            FailingTicks = weight.Broken(share) is null ? next.FailingTicks : next.FailingTicks + 1,
        };
    }

    private static CheckVerdict VerdictOf(CheckReason reason) => reason switch
    {
        CheckReason.NothingAgainstIt => CheckVerdict.Pass,
        CheckReason.FarWorse or CheckReason.Worse or CheckReason.WorseByCountsAndMinutes or CheckReason.AboveTheLimit => CheckVerdict.Fail,
        CheckReason.NoRequests or CheckReason.NotMeasured or CheckReason.NothingToCompareWith => CheckVerdict.NoData,
        _ => CheckVerdict.Inconclusive,
    };

    private static CheckReason Why(CheckState state, in WeightOfEvidence weight, CheckCounts? counts, double share, int minRequests)
    {
        if (weight.Broken(share) is { } broken) return broken;
        if (state is { Alone: true, Check.Ceiling: null }) return CheckReason.NothingToCompareWith;
        if (counts is { Counts: null }) return CheckReason.NotMeasured;
        if (state.OfStep.CanaryRequests == 0) return CheckReason.NoRequests;
        if (weight.LimitBroken(share)) return CheckReason.SharedWithStable;
        if (weight.Deciding >= LeaningLogE) return CheckReason.Leaning;
        return state.OfStep.CanaryRequests < minRequests ? CheckReason.TooFewRequests : CheckReason.NothingAgainstIt;
    }

    private static double? Value(GuardrailCheck check, long requests, long bad)
    {
        // Metrics of which more is better are told as people know them.
        return requests == 0 ? null : check.Value((double)bad / requests);
    }

    private static string ComparedWith(CheckState state) => (state.Check.Bound, state.Check.Ceiling is not null) switch
    {
        _ when state.Check.Kind is MetricKind.Disagreement => "the limit, answer by answer with stable's",
        _ when state.Check.Kind is MetricKind.OutputShift => "stable's share of the same answers in the same seconds, give or take the limit",
        (_, true) when state.Alone => "the limit alone; stable has no traffic in this step",
        (Bound.MaxRatioToStable, true) => "the share of answers that may be slower than the threshold, and stable in the same seconds",
        (_, true) => "the limit, and stable in the same seconds",
        (Bound.MaxDrop, _) => "stable in the same seconds, less the drop that is allowed",
        _ => "stable in the same seconds, times the ratio that is allowed",
    };
}
