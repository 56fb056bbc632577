namespace Platform.Core.Statistics;

/// <summary>How near to a normal distribution a sample is: 1 for one that could not be nearer (Royston, 1995, algorithm AS R94).</summary>
public static class ShapiroWilk
{
    public const int MinItems = 6;

    /// <param name="sorted">Ascending, at least <see cref="MinItems"/>; if all are the same the statistic is 0.</param>
    public static double Statistic(ReadOnlySpan<double> sorted)
    {
        var n = sorted.Length;
        ArgumentOutOfRangeException.ThrowIfLessThan(n, MinItems);
        var (mean, squares) = (0.0, 0.0);
        foreach (var value in sorted) mean += value / n;
        foreach (var value in sorted) squares += (value - mean) * (value - mean);
        if (squares <= 0) return 0;
        var weights = Weights(n);
        var sum = 0.0;
        for (var i = 0; i < weights.Length; i++) sum += weights[i] * (sorted[n - 1 - i] - sorted[i]);
        return sum * sum / squares;
    }

    /// <summary>Weights of the largest values, the largest first; those of the smallest are the same below zero.</summary>
    private static double[] Weights(int n)
    {
        var half = new double[n / 2];
        var norm = 0.0;
        for (var i = 0; i < half.Length; i++)
        {
            half[i] = -Normal.Quantile((i + 1 - 0.375) / (n + 0.25));
            norm += 2 * half[i] * half[i];
        }

        var u = 1 / Math.Sqrt(n);
        var root = Math.Sqrt(norm);
        var first = (half[0] / root) + Polynomial(u, 0.221157, -0.147981, -2.071190, 4.434685, -2.706056);
        var second = (half[1] / root) + Polynomial(u, 0.042981, -0.293762, -1.752461, 5.682633, -3.582633);
        var rest = Math.Sqrt(
            (norm - (2 * half[0] * half[0]) - (2 * half[1] * half[1])) / (1 - (2 * first * first) - (2 * second * second)));
        for (var i = 2; i < half.Length; i++) half[i] /= rest;
        (half[0], half[1]) = (first, second);
        return half;
    }

    /// <summary>Coefficients from the first power up.</summary>
    private static double Polynomial(double u, params ReadOnlySpan<double> coefficients)
    {
        var sum = 0.0;
        for (var i = coefficients.Length - 1; i >= 0; i--) sum = (sum + coefficients[i]) * u;
        return sum;
    }
}
