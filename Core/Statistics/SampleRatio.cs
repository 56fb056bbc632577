using MathNet.Numerics;

namespace Platform.Core.Statistics;

/// <summary>Whether arms got the share of units that they should.</summary>
public static class SampleRatio
{
    /// <summary>How sure the sequential test is beforehand that the shares are right, in units.</summary>
    public const double Concentration = 10_000;

    /// <summary>p of the chi-square test, for one look; 1 without units.</summary>
    public static double ChiSquare(IReadOnlyList<long> counts, IReadOnlyList<double> shares)
    {
        var total = counts.Sum();
        if (total == 0) return 1;
        var statistic = counts.Zip(shares, (count, share) => (count - total * share) * (count - total * share) / (total * share)).Sum();
        return ChiSquared.UpperTail(statistic, counts.Count - 1);
    }

    /// <summary>
    /// p of the Dirichlet-multinomial test, which holds however often one looks (Lindon and Malek, "Anytime-valid
    /// inference for multinomial count data").
    /// </summary>
    public static double Sequential(IReadOnlyList<long> counts, IReadOnlyList<double> shares) =>
        Math.Min(1, Math.Exp(-LogEvidence(counts, shares, Concentration)));

    /// <summary>Logarithm of the e-value against the shares; of two arms it is the Beta mixture.</summary>
    public static double LogEvidence(IReadOnlyList<long> counts, IReadOnlyList<double> shares, double concentration)
    {
        var log = SpecialFunctions.GammaLn(concentration) - SpecialFunctions.GammaLn(concentration + counts.Sum());
        for (var i = 0; i < counts.Count; i++)
        {
            var prior = concentration * shares[i];
            log += SpecialFunctions.GammaLn(prior + counts[i]) - SpecialFunctions.GammaLn(prior) - counts[i] * Math.Log(shares[i]);
        }

        return log;
    }
}
