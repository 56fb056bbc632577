using System.Collections.Immutable;
using Platform.Core.Statistics;

namespace Platform.Core.Rollouts;

/// <summary>How one tick's counts become evidence against a bound.</summary>
internal static class Evidence
{
    /// <summary>Odds of the fast tier's null: three times what the bound allows, so that noise of whole minutes does not reach it.</summary>
    public const double FastMargin = 3;

    /// <summary>The fast tier's share of a bound's alpha; it needs little, since what it is there for is far beyond its margin.</summary>
    public const double FastShare = 0.1;

    /// <summary>
    /// How far above what proves it a limit's evidence may rise. Without an end it would take hours after a shared
    /// incident to fall again, and the step would wait that long; and what is cut off is none that decides anything.
    /// Four equal products of which one is at its end still prove it.
    /// </summary>
    private const double CeilingRoom = 2;

    private const int MinuteSeconds = 60;

    // As multiples of the null's odds. Few and wide apart: each one more costs every other a little, and between two
    // neighbours the product of either loses no more than that.
    public static ReadOnlySpan<double> SlowGrid => [1.4, 2.2, 3.8, 7, 16];

    public static ReadOnlySpan<double> FastGrid => [1.4, 2.5, 6];

    public static ReadOnlySpan<double> CeilingGrid => [1.5, 2.5, 6, 20];

    /// <summary>As shares of the room that is left above the margin.</summary>
    public static ReadOnlySpan<double> Gaps => [0.02, 0.06, 0.15, 0.4];

    /// <param name="share">What the bound has of alpha.</param>
    public static CheckState Observe(CheckState state, in CountTick tick, long slot, double share)
    {
        // The whole of what is judged by its parts is evidence of nothing.
        if (state.Check is { IsByClass: true, IsWhole: true }) return state with { Total = state.Total + tick, OfStep = state.OfStep + tick };
        var next = CloseMinute(state, slot / MinuteSeconds);
        next = next.Check.IsGap ? ObserveDrop(next, tick) : ObserveRatio(next, tick);
        if (next.Check.Ceiling is { } ceiling)
        {
            // The same binomial ratio with the ceiling in the place of the canary's share.
            next = next with
            {
                Ceiling = CountEProcess.AtMost(
                    CountEProcess.Observe(next.Ceiling, CeilingGrid, ceiling, tick.CanaryBad, tick.CanaryRequests - tick.CanaryBad),
                    -Math.Log(share) + CeilingRoom),
            };
        }

        return next with { Total = next.Total + tick, OfStep = next.OfStep + tick, OfMinute = next.OfMinute + tick };
    }

    /// <summary>By how much the variance of the canary's share exceeds chance, from stable's minutes; 1 is chance alone.</summary>
    public static double Inflation(CheckState state, in CountTick tick)
    {
        // What is assumed while nothing is known is said of the rarer of both outcomes.
        var rate = state.Noise.Cv is null ? Math.Min(state.Noise.Rate, 1 - state.Noise.Rate) : state.Noise.Rate;
        var perMinute = rate * tick.CanaryRequests * MinuteSeconds;
        return 1 + (2 * state.Noise.PrudentCv2 * perMinute * (1 - tick.CanaryShare));
    }

    private static CheckState ObserveRatio(CheckState state, in CountTick tick)
    {
        if (tick.CanaryBad + tick.StableBad == 0) return state;
        var (q, margin) = (tick.CanaryShare, state.Check.Margin);
        Span<double> factors = stackalloc double[SlowGrid.Length];
        CountEProcess.LogFactors(factors, SlowGrid, q, tick.CanaryBad, tick.StableBad, margin);
        return state with
        {
            Exact = CountEProcess.Add(state.Exact, factors),
            Tempered = CountEProcess.Add(state.Tempered, factors, 1 / Inflation(state, tick)),
            Fast = CountEProcess.Observe(state.Fast, FastGrid, q, tick.CanaryBad, tick.StableBad, margin * FastMargin),
        };
    }

    private static CheckState ObserveDrop(CheckState state, in CountTick tick)
    {
        // Until stable has answered at all there is nothing to compare with.
        if (state.Total.StableRequests == 0 || tick.CanaryRequests == 0) return state;
        var stable = (state.Total.StableBad + 0.5) / (state.Total.StableRequests + 1);
        Span<double> factors = stackalloc double[Gaps.Length];
        DropEProcess.LogFactors(factors, Gaps, tick, stable, state.Check.Gap);
        return state with
        {
            Exact = CountEProcess.Add(state.Exact, factors),
            Tempered = CountEProcess.Add(state.Tempered, factors, 1 / Inflation(state, tick)),
        };
    }

    private static CheckState CloseMinute(CheckState state, long minute)
    {
        if (minute == state.Minute) return state;
        var ended = state.OfMinute;
        var comparable = ended is { CanaryRequests: > 0, StableRequests: > 0 };
        return state with
        {
            Minute = minute,
            OfMinute = default,
            Blocks = comparable ? state.Blocks.With(BlockSequence.LogRateRatio(ended)) : state.Blocks,
            Noise = state.Minute < 0 ? state.Noise : state.Noise.With(ended.StableRequests, ended.StableBad),
        };
    }
}
