namespace Platform.Core.Statistics;

/// <summary>Bins of values that come many at a time, such as the pixels of pictures.</summary>
/// <param name="Clusters">Pictures.</param>
/// <param name="Shares">Of each bin, in all pictures together.</param>
/// <param name="Covariance">Of the bins' shares from picture to picture.</param>
public sealed record ClusteredShares(double Clusters, double[] Shares, double[,] Covariance)
{
    /// <param name="points">Values of each picture.</param>
    /// <param name="counts">Of each bin; after them the sums over pictures of the products of each pair of bins, (0,0), (0,1) … (1,1) ….</param>
    public static ClusteredShares From(IReadOnlyList<long> counts, int bins, int points)
    {
        var clusters = counts.Take(bins).Sum() / (double)points;
        double[] shares = [.. counts.Take(bins).Select(count => count / (clusters * points))];
        var covariance = new double[bins, bins];
        var pair = bins;
        for (var i = 0; i < bins; i++)
        {
            for (var j = i; j < bins; j++)
                covariance[i, j] = covariance[j, i] = (counts[pair++] / (clusters * points * points)) - (shares[i] * shares[j]);
        }

        return new(clusters, shares, covariance);
    }

    /// <summary>With bins put together.</summary>
    /// <param name="groups">Of each bin, which group it is in; from 0 to so many.</param>
    public ClusteredShares Together(int[] groups)
    {
        var count = groups.Max() + 1;
        var (shares, covariance) = (new double[count], new double[count, count]);
        for (var i = 0; i < groups.Length; i++)
        {
            shares[groups[i]] += Shares[i];
            for (var j = 0; j < groups.Length; j++) covariance[groups[i], groups[j]] += Covariance[i, j];
        }

        return new(Clusters, shares, covariance);
    }
}

/// <summary>
/// The population stability index where values come in clusters. Without a difference it is a weighted sum of squares of
/// normal variables; chi-square with the same mean and variance takes its place (Satterthwaite 1946; Rao and Scott 1984).
/// </summary>
public static class ClusteredStability
{
    /// <summary>What an empty bin counts as, in values.</summary>
    private const double Empty = 0.5;

    /// <summary>A bin with less of the reference has no normal distribution; it goes with its neighbour.</summary>
    private const double LeastShare = 0.01;

    /// <param name="points">Values of each cluster.</param>
    public static TestOutcome Test(ClusteredShares actual, ClusteredShares expected, int points, double level)
    {
        var groups = Groups(expected.Shares);
        // A reference that is all in one bin: whatever is in another is news.
        if (groups[^1] > 0) (actual, expected) = (actual.Together(groups), expected.Together(groups));
        var (n, m) = (actual.Clusters, expected.Clusters);
        var index = PopulationStability.Index(
            [.. actual.Shares.Select(share => Math.Max(share, Empty / (n * points)))], [.. expected.Shares.Select(share => Math.Max(share, Empty / (m * points)))]);
        double[] pooled = [.. actual.Shares.Zip(expected.Shares, (a, e) => ((a * n) + (e * m)) / (n + m))];
        var (trace, squares) = (0.0, 0.0);
        for (var i = 0; i < pooled.Length; i++)
        {
            if (pooled[i] <= 0) continue;
            trace += Pooled(i, i) / pooled[i];
            for (var j = 0; j < pooled.Length; j++)
            {
                if (pooled[j] > 0) squares += Pooled(i, j) * Pooled(i, j) / (pooled[i] * pooled[j]);
            }
        }

        // Pictures that are all alike in their shares tell a difference apart for certain.
        if (squares <= 0) return new(index, 0, index > 0 ? 0 : 1);
        var scale = squares / trace * ((1 / n) + (1 / m));
        var degrees = trace * trace / squares;
        return new(index, PopulationStability.Quantile(level, degrees) * scale, ChiSquared.UpperTail(index / scale, degrees));

        double Pooled(int i, int j) => ((actual.Covariance[i, j] * n) + (expected.Covariance[i, j] * m)) / (n + m);
    }

    private static int[] Groups(double[] shares)
    {
        var groups = new int[shares.Length];
        var (group, share, rest) = (0, 0.0, shares.Sum());
        for (var i = 0; i < shares.Length; i++)
        {
            if (share >= LeastShare && rest >= LeastShare) (group, share) = (group + 1, 0);
            groups[i] = group;
            share += shares[i];
            rest -= shares[i];
        }

        return groups;
    }
}
