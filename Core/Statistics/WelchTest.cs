namespace Platform.Core.Statistics;

/// <summary>Two means compared at a moment fixed in advance.</summary>
/// <param name="Difference">Second less first.</param>
/// <param name="T">In standard errors.</param>
/// <param name="Degrees">Welch's degrees of freedom.</param>
/// <param name="Low">Lower end of the interval of the difference.</param>
/// <param name="High">Upper end.</param>
/// <param name="CohenD">The difference in pooled standard deviations.</param>
public sealed record MeanDifference(
    double Difference, double StandardError, double T, double Degrees, double PValue, double Low, double High, double CohenD);

/// <summary>Welch's t test: two means whose variances need not be equal.</summary>
public static class WelchTest
{
    /// <summary>Null while either side has fewer than two values, or no value differs from another.</summary>
    public static MeanDifference? Compare(SampleMoments first, SampleMoments second, double alpha = 0.05)
    {
        if (first.Count < 2 || second.Count < 2) return null;
        var (a, b) = (first.MeanVariance, second.MeanVariance);
        var error = Math.Sqrt(a + b);
        if (error == 0) return null;
        var difference = second.Mean - first.Mean;
        var degrees = (a + b) * (a + b) / (a * a / (first.Count - 1) + b * b / (second.Count - 1));
        var margin = -StudentT.Quantile(alpha / 2, degrees) * error;
        var t = difference / error;
        return new(
            difference, error, t, degrees, StudentT.TwoSided(t, degrees), difference - margin, difference + margin,
            difference / PooledDeviation(first, second));
    }

    private static double PooledDeviation(SampleMoments first, SampleMoments second) => Math.Sqrt(
        ((first.Count - 1) * first.Variance + (second.Count - 1) * second.Variance) / (first.Count + second.Count - 2));
}
