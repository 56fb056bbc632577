namespace Platform.Core.Statistics;

/// <summary>Shares with an assumed difference that explain two given ones best.</summary>
internal static class NearestShares
{
    private const int Halvings = 60;

    /// <summary>
    /// The first share x for which <paramref name="m"/> trials at x and <paramref name="n"/> at x + difference are nearest
    /// to the shares <paramref name="a"/> and <paramref name="b"/> in relative entropy, which is convex in x.
    /// </summary>
    public static double Of(double a, double b, double m, double n, double difference)
    {
        if (difference == 0) return (m * a + n * b) / (m + n);
        var (low, high) = (Math.Max(0, -difference), Math.Min(1, 1 - difference));
        for (var i = 0; i < Halvings; i++)
        {
            var x = 0.5 * (low + high);
            var y = x + difference;
            if (m * (x - a) / (x * (1 - x)) + n * (y - b) / (y * (1 - y)) < 0) low = x;
            else high = x;
        }

        return 0.5 * (low + high);
    }

    /// <summary>The last difference, from one that is not ruled out towards one that may be, whose evidence stays below a limit.</summary>
    public static double Edge(double inside, double outside, Func<double, double> logEvidence, double limit)
    {
        for (var i = 0; i < Halvings && Math.Abs(outside - inside) > 1e-9; i++)
        {
            var middle = 0.5 * (inside + outside);
            if (logEvidence(middle) < limit) inside = middle;
            else outside = middle;
        }

        return outside;
    }
}
