using MathNet.Numerics;

namespace Platform.Core.Statistics;

/// <summary>The chi-square distribution.</summary>
public static class ChiSquared
{
    public static double Cdf(double x, double degrees) => x <= 0 ? 0 : SpecialFunctions.GammaLowerRegularized(degrees / 2, x / 2);

    /// <summary>P(X &gt; x), with its digits far out.</summary>
    public static double UpperTail(double x, double degrees) => x <= 0 ? 1 : SpecialFunctions.GammaUpperRegularized(degrees / 2, x / 2);
}
