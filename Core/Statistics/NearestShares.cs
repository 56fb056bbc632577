using MathNet.Numerics;

namespace Platform.Core.Statistics;

/// <summary>Shares with an assumed difference that explain two given ones best.</summary>
internal static class NearestShares
{
    private const int Halvings = 60;

    private const double Exactness = 1e-9;

    /// <summary>A difference of 1 would be certain, and its evidence may be infinite.</summary>
    private const double Furthest = 1 - 1e-6;

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

    /// <summary>
    /// The differences whose evidence stays below a limit, which has its lowest between them. A single one, the least
    /// unlikely, where all are ruled out.
    /// </summary>
    public static Interval NotRuledOut(double estimate, Func<double, double> logEvidence, double limit)
    {
        var inside = logEvidence(estimate) < limit ? estimate : FindMinimum.OfScalarFunctionConstrained(logEvidence, -Furthest, Furthest, Exactness);
        return new(Edge(inside, -1, logEvidence, limit), Edge(inside, 1, logEvidence, limit));
    }

    /// <summary>The last difference, from one that is not ruled out towards one that may be, whose evidence stays below a limit.</summary>
    private static double Edge(double inside, double outside, Func<double, double> logEvidence, double limit)
    {
        for (var i = 0; i < Halvings && Math.Abs(outside - inside) > Exactness; i++)
        {
            var middle = 0.5 * (inside + outside);
            if (logEvidence(middle) < limit) inside = middle;
            else outside = middle;
        }

        return outside;
    }
}
