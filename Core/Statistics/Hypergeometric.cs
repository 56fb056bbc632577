namespace Platform.Core.Statistics;

/// <summary>
/// Drawing without replacement, by the saddle-point form of Loader ("Fast and Accurate Computation of Binomial
/// Probabilities", 2000), which keeps its digits where factorials of millions would lose them.
/// </summary>
internal static class Hypergeometric
{
    /// <summary>
    /// Logarithm of the probability of <paramref name="x"/> marked ones among <paramref name="drawn"/> out of
    /// <paramref name="total"/>, of which <paramref name="marked"/> are marked; neither none nor all are drawn.
    /// </summary>
    public static double LogProbability(long x, long drawn, long marked, long total)
    {
        var p = (double)drawn / total;
        var q = (double)(total - drawn) / total;
        return LogBinomial(x, marked, p, q) + LogBinomial(drawn - x, total - marked, p, q) - LogBinomial(drawn, total, p, q);
    }

    private static double LogBinomial(double x, double n, double p, double q)
    {
        if (n == 0) return 0;
        if (x == 0) return -Deviance(n, n * q) - n * p;
        if (x == n) return -Deviance(n, n * p) - n * q;
        var deviances = Stirling(n) - Stirling(x) - Stirling(n - x) - Deviance(x, n * p) - Deviance(n - x, n * q);
        return deviances - 0.5 * Math.Log(2 * Math.PI * x * (1 - x / n));
    }

    /// <summary>x·ln(x/mean) + mean − x, by a series where the terms would cancel.</summary>
    private static double Deviance(double x, double mean)
    {
        if (Math.Abs(x - mean) >= 0.1 * (x + mean)) return x * Math.Log(x / mean) + mean - x;
        var v = (x - mean) / (x + mean);
        var sum = (x - mean) * v;
        var term = 2 * x * v;
        for (var j = 1; ; j++)
        {
            term *= v * v;
            var next = sum + term / (2 * j + 1);
            if (next == sum) return sum;
            sum = next;
        }
    }

    /// <summary>ln(n!) less Stirling's formula for it.</summary>
    private static double Stirling(double n)
    {
        if (n == 0) return 0;
        if (n > 15)
        {
            var square = n * n;
            return (1.0 / 12 - (1.0 / 360 - (1.0 / 1260 - (1.0 / 1680 - 1.0 / 1188 / square) / square) / square) / square) / n;
        }

        var factorial = 1.0;
        for (var i = 2; i <= n; i++) factorial *= i;
        return Math.Log(factorial) - ((n + 0.5) * Math.Log(n) - n + 0.5 * Math.Log(2 * Math.PI));
    }
}
