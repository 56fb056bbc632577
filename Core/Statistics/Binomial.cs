using MathNet.Numerics;

namespace Platform.Core.Statistics;

/// <summary>The binomial distribution: how many of so many trials succeed, each with the same chance.</summary>
public static class Binomial
{
    /// <summary>P(X ≤ hits), exactly, by the incomplete beta function.</summary>
    /// <param name="chance">Above 0 and below 1.</param>
    public static double AtMost(long hits, long trials, double chance)
    {
        if (hits < 0) return 0;
        return hits >= trials ? 1 : SpecialFunctions.BetaRegularized(trials - hits, hits + 1, 1 - chance);
    }

    /// <summary>P(X ≥ hits).</summary>
    public static double AtLeast(long hits, long trials, double chance) => AtMost(trials - hits, trials, 1 - chance);
}
