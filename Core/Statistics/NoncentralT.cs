using MathNet.Numerics.Integration;

namespace Platform.Core.Statistics;

/// <summary>What a t test finds when there is a difference.</summary>
public static class NoncentralT
{
    /// <summary>Where the scale's density is below 1e-20, in units of 1/√degrees.</summary>
    private const double Reach = 10;
    private const int Nodes = 256;

    /// <summary>
    /// P(T &gt; <paramref name="critical"/>) for T noncentral with <paramref name="noncentrality"/>: a normal of that
    /// mean over the scale s, a chi over the root of its degrees, averaged over s. Every factor is smooth, so a Gauss rule
    /// gives all digits, for two degrees of freedom as for ten million, where series would lose them.
    /// </summary>
    public static double UpperTail(double critical, double degrees, double noncentrality)
    {
        var (low, high) = (Math.Max(0, 1 - Reach / Math.Sqrt(degrees)), 1 + Reach / Math.Sqrt(degrees));
        var all = GaussLegendreRule.Integrate(s => Weight(s, degrees), low, high, Nodes);
        var found = GaussLegendreRule.Integrate(
            s => Weight(s, degrees) * Normal.UpperTail(critical * s - noncentrality), low, high, Nodes);
        return Math.Min(1, found / all);
    }

    /// <summary>Density of the scale but for a constant; relative to s = 1, where nothing cancels.</summary>
    private static double Weight(double s, double degrees)
    {
        var u = s - 1;
        return Math.Exp((degrees - 1) * Math.Log(s) - degrees * (u + 0.5 * u * u));
    }
}
