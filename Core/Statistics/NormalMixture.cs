namespace Platform.Core.Statistics;

/// <summary>What may be said of an effect at any time, however often one looks.</summary>
/// <param name="LogEvidence">Logarithm of the likelihood ratio against "no effect".</param>
/// <param name="PValue">Of this look; of several, the smallest counts.</param>
/// <param name="HalfWidth">Of the interval around the estimate.</param>
public readonly record struct SequentialLook(double LogEvidence, double PValue, double HalfWidth);

/// <summary>
/// Mixture sequential probability ratio test: the effect is N(0, <c>mixing</c>) a priori and its estimate is normal with
/// a known variance. (Robbins; Johari and others, "Peeking at A/B tests".)
/// </summary>
public static class NormalMixture
{
    /// <param name="estimate">The effect as measured.</param>
    /// <param name="variance">Squared standard error of the estimate.</param>
    /// <param name="mixing">Variance of the effects that are looked for.</param>
    public static SequentialLook TwoSided(double estimate, double variance, double mixing, double alpha)
    {
        var log = LogRatio(estimate, variance, mixing);
        var total = variance + mixing;
        var half = Math.Sqrt(variance * total / mixing * (-2 * Math.Log(alpha) + Math.Log(total / variance)));
        return new(log, Math.Min(1, Math.Exp(-log)), half);
    }

    /// <summary>Logarithm of the evidence for a positive effect only: the half of the mixture above zero.</summary>
    public static double LogPositive(double estimate, double variance, double mixing)
    {
        var total = variance + mixing;
        var posterior = estimate * mixing / total / Math.Sqrt(variance * mixing / total);
        return LogRatio(estimate, variance, mixing) + Math.Log(2 * Normal.Cdf(posterior));
    }

    private static double LogRatio(double estimate, double variance, double mixing)
    {
        var total = variance + mixing;
        return 0.5 * Math.Log(variance / total) + mixing * estimate * estimate / (2 * variance * total);
    }
}
