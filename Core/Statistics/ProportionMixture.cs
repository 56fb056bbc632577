using MathNet.Numerics;

namespace Platform.Core.Statistics;

/// <summary>
/// Two shares compared at any time by their totals alone, exactly, in whatever order the outcomes came: the likelihood of
/// the totals with every pair of shares equally likely beforehand, over the highest that shares with the assumed
/// difference could have (Wasserman and others, "Universal inference"). It needs more outcomes than
/// <see cref="ProportionSequence"/> and knows no blocks.
/// </summary>
public static class ProportionMixture
{
    /// <summary>Logarithm of the evidence against a difference of <paramref name="difference"/>, second less first.</summary>
    public static double LogEvidence(long firstCount, long firstEvents, long secondCount, long secondEvents, double difference)
    {
        if (firstCount == 0 || secondCount == 0) return 0;
        var (a, b) = ((double)firstEvents / firstCount, (double)secondEvents / secondCount);
        var nearest = NearestShares.Of(a, b, firstCount, secondCount, difference);
        return LogBeta(firstEvents, firstCount) + LogBeta(secondEvents, secondCount)
            - LogLikelihood(firstEvents, firstCount, nearest) - LogLikelihood(secondEvents, secondCount, nearest + difference);
    }

    /// <summary>Logarithm of the likelihood averaged over all shares.</summary>
    private static double LogBeta(long events, long count) =>
        SpecialFunctions.GammaLn(events + 1) + SpecialFunctions.GammaLn(count - events + 1) - SpecialFunctions.GammaLn(count + 2);

    private static double LogLikelihood(long events, long count, double share) =>
        (events == 0 ? 0 : events * Math.Log(share)) + (events == count ? 0 : (count - events) * Math.Log(1 - share));
}
