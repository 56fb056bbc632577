using MathNet.Numerics.RootFinding;

namespace Platform.Core.Statistics;

/// <summary>How many of each arm it takes to tell two shares apart by a two-sided test; the answers are not rounded up.</summary>
public static class ProportionDesign
{
    /// <summary>As R's power.prop.test: the pooled share's variance if there is no difference, each its own if there is.</summary>
    public static double PooledSize(double first, double second, double alpha, double power)
    {
        var root = Critical(alpha) * Math.Sqrt(Pooled(first, second)) + Normal.Quantile(power) * Math.Sqrt(Unpooled(first, second));
        return root * root / Squared(first - second);
    }

    public static double UnpooledSize(double first, double second, double alpha, double power) =>
        Squared(Critical(alpha) + Normal.Quantile(power)) * Unpooled(first, second) / Squared(first - second);

    /// <summary>The pooled size for a test with the continuity correction (Fleiss).</summary>
    public static double ContinuitySize(double first, double second, double alpha, double power)
    {
        var size = PooledSize(first, second, alpha, power);
        return size / 4 * Squared(1 + Math.Sqrt(1 + 4 / (size * Math.Abs(first - second))));
    }

    /// <summary>By Cohen's h, whose variance does not depend on the share.</summary>
    public static double ArcsineSize(double first, double second, double alpha, double power)
    {
        var h = 2 * Math.Asin(Math.Sqrt(first)) - 2 * Math.Asin(Math.Sqrt(second));
        return 2 * Squared((Critical(alpha) + Normal.Quantile(power)) / h);
    }

    /// <summary>Power of the pooled test with that many in each arm.</summary>
    public static double Power(double first, double second, double alpha, double size)
    {
        var spread = Math.Sqrt(Unpooled(first, second));
        var threshold = Critical(alpha) * Math.Sqrt(Pooled(first, second));
        var shift = Math.Abs(first - second) * Math.Sqrt(size);
        return Normal.Cdf((shift - threshold) / spread) + Normal.Cdf((-shift - threshold) / spread);
    }

    /// <summary>The smallest rise, or fall for a negative <paramref name="sign"/>, found with that power; null when not even the largest is.</summary>
    public static double? MinimumDetectable(double baseline, double size, double alpha, double power, int sign)
    {
        var most = sign > 0 ? 1 - baseline : baseline;
        if (Power(baseline, baseline + sign * most, alpha, size) < power) return null;
        return Brent.FindRoot(effect => Power(baseline, baseline + sign * effect, alpha, size) - power, 0, most, 1e-12, 200);
    }

    private static double Critical(double alpha) => -Normal.Quantile(alpha / 2);

    private static double Pooled(double first, double second)
    {
        var mean = (first + second) / 2;
        return 2 * mean * (1 - mean);
    }

    private static double Unpooled(double first, double second) => first * (1 - first) + second * (1 - second);

    private static double Squared(double x) => x * x;
}
