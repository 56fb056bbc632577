using MathNet.Numerics.RootFinding;

namespace Platform.Core.Statistics;

/// <summary>
/// How many of each arm it takes to tell two means apart by a two-sided test; effects are in standard deviations. As in
/// R, only findings in the effect's own direction count as power.
/// </summary>
public static class MeanDesign
{
    private const double SmallestSize = 2;

    /// <summary>From here on t is the normal distribution to more digits than doubles leave for the difference.</summary>
    private const double NormalFrom = 1e7;

    /// <summary>As if the standard deviation were known.</summary>
    public static double NormalSize(double effect, double alpha, double power)
    {
        var root = (Normal.Quantile(power) - Normal.Quantile(alpha / 2)) / effect;
        return 2 * root * root;
    }

    /// <summary>For the t test, exactly, as R's power.t.test.</summary>
    public static double ExactSize(double effect, double alpha, double power)
    {
        var normal = NormalSize(effect, alpha, power);
        if (normal > NormalFrom) return normal;
        if (Power(effect, alpha, SmallestSize) >= power) return SmallestSize;
        // The t test asks for one or two more than the normal one; only tiny arms ask for many more.
        var high = normal + 4;
        while (Power(effect, alpha, high) < power) high *= 2;
        return Brent.FindRoot(size => Power(effect, alpha, size) - power, SmallestSize, high, 1e-9, 200);
    }

    /// <summary>Power of the two-sample t test with that many in each arm.</summary>
    public static double Power(double effect, double alpha, double size) =>
        TestPower(2 * (size - 1), Math.Abs(effect) * Math.Sqrt(size / 2), alpha);

    /// <summary>Power of the t test of one sample against a fixed mean.</summary>
    public static double OneSamplePower(double effect, double alpha, double size) =>
        TestPower(size - 1, Math.Abs(effect) * Math.Sqrt(size), alpha);

    /// <summary>The smallest effect, in standard deviations, found with that power.</summary>
    public static double MinimumDetectable(double size, double alpha, double power)
    {
        var high = 1.0;
        while (Power(high, alpha, size) < power) high *= 2;
        return Brent.FindRoot(effect => Power(effect, alpha, size) - power, 0, high, 1e-12, 200);
    }

    private static double TestPower(double degrees, double noncentrality, double alpha) =>
        degrees > NormalFrom
            ? Normal.UpperTail(-Normal.Quantile(alpha / 2) - noncentrality)
            : NoncentralT.UpperTail(-StudentT.Quantile(alpha / 2, degrees), degrees, noncentrality);
}
