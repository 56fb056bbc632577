namespace Platform.Core.Statistics;

/// <summary>
/// Kolmogorov and Smirnov's two-sample test on counts in bins: the largest difference of the two distribution functions
/// at the bins' edges, held against its own distribution there (<see cref="BridgeOnGrid"/>).
/// </summary>
public static class BinnedKolmogorov
{
    /// <summary>The moments of the bridge: what share of the reference lies below each edge, without the edges that tell nothing.</summary>
    public static double[] Moments(IReadOnlyList<long> expected)
    {
        var m = (double)expected.Sum();
        var moments = new List<double>();
        var below = 0L;
        for (var i = 0; i < expected.Count - 1; i++)
        {
            below += expected[i];
            // A sample of m cannot tell a share of nothing from one of 1/m.
            var share = Math.Clamp(below / m, 1 / (m + 2), 1 - (1 / (m + 2)));
            if (moments.Count == 0 || share > moments[^1]) moments.Add(share);
        }

        return [.. moments];
    }

    /// <param name="critical">Of the bridge at <paramref name="moments"/>; it depends on the reference alone and is worth keeping.</param>
    public static TestOutcome Test(IReadOnlyList<long> actual, IReadOnlyList<long> expected, double[] moments, double critical)
    {
        var (n, m) = ((double)actual.Sum(), (double)expected.Sum());
        var (distance, a, e) = (0.0, 0L, 0L);
        for (var i = 0; i < actual.Count - 1; i++)
        {
            a += actual[i];
            e += expected[i];
            distance = Math.Max(distance, Math.Abs((a / n) - (e / m)));
        }

        var scale = Math.Sqrt((1 / n) + (1 / m));
        return new(distance, critical * scale, moments.Length == 0 ? 1 : BridgeOnGrid.UpperTail(distance / scale, moments));
    }
}
