using MathNet.Numerics.RootFinding;
using StudentTDistribution = MathNet.Numerics.Distributions.StudentT;

namespace Platform.Core.Statistics;

/// <summary>Student's t distribution; degrees of freedom need not be whole.</summary>
public static class StudentT
{
    public static double Cdf(double t, double degrees) => StudentTDistribution.CDF(0, 1, degrees, t);

    /// <summary>P(|T| &gt; |t|), without the loss of digits that 1 - Cdf has far out.</summary>
    public static double TwoSided(double t, double degrees) =>
        double.IsInfinity(t) ? 0 : Math.Min(1, 2 * Cdf(-Math.Abs(t), degrees));

    /// <summary>The t with Cdf(t) = <paramref name="p"/>, 0 &lt; p &lt; 1.</summary>
    public static double Quantile(double p, double degrees)
    {
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(p, 0);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(p, 1);
        if (p > 0.5) return -Quantile(1 - p, degrees);
        if (p == 0.5) return 0;

        // MathNet's own quantile gives up beyond 800, which one degree of freedom passes easily.
        var low = Math.Min(-1, 2 * Normal.Quantile(p));
        while (Cdf(low, degrees) > p) low *= 2;
        return Brent.FindRoot(t => Cdf(t, degrees) / p - 1, low, 0, 1e-14, 200);
    }
}
