using MathNet.Numerics.RootFinding;

namespace Platform.Core.Statistics;

/// <summary>
/// The population stability index of two binned samples. Its usual bands (0.1, 0.25) say nothing without the samples'
/// sizes; here it is held against its distribution: with nothing different it is chi-square, times 1/n + 1/m.
/// </summary>
public static class PopulationStability
{
    /// <summary>What an empty bin counts as, since the index has no value there.</summary>
    private const double Empty = 0.5;

    /// <summary>Σ (a − e) ln(a/e) over the bins' shares.</summary>
    public static double Index(IReadOnlyList<double> actual, IReadOnlyList<double> expected) =>
        actual.Zip(expected, (a, e) => (a - e) * Math.Log(a / e)).Sum();

    /// <summary>What the index exceeds with that probability when samples of n and m in so many bins differ by chance alone.</summary>
    public static double Threshold(double level, int bins, double n, double m) => Quantile(level, bins - 1) * ((1 / n) + (1 / m));

    /// <param name="level">Probability of a false alarm.</param>
    public static TestOutcome Test(IReadOnlyList<long> actual, IReadOnlyList<long> expected, double level)
    {
        var (n, m) = ((double)actual.Sum(), (double)expected.Sum());
        if (actual.Count < 2) return new(0, 0, 1);
        var index = Index(
            [.. actual.Select(count => Math.Max(count, Empty) / n)], [.. expected.Select(count => Math.Max(count, Empty) / m)]);
        var scale = (1 / n) + (1 / m);
        // By the logarithm the index is a little larger than chi-square in small samples: the next term of its expectation
        // is (Σ 1/p − bins)/2 · (1/n² + 1/m²).
        var inverses = actual.Zip(expected, (a, e) => (n + m) / Math.Max(a + e, Empty)).Sum();
        var excess = (inverses - actual.Count) / 2 * ((1 / (n * n)) + (1 / (m * m)));
        var inflation = 1 + (excess / ((actual.Count - 1) * scale));
        return new(
            index, Threshold(level, actual.Count, n, m) * inflation, ChiSquared.UpperTail(index / (scale * inflation), actual.Count - 1));
    }

    /// <summary>What a chi-square variable exceeds with that probability.</summary>
    internal static double Quantile(double level, double degrees) =>
        Brent.FindRoot(x => ChiSquared.UpperTail(x, degrees) - level, 0, (10 * degrees) + 100, 1e-9, 200);
}
