namespace Platform.Core.Statistics;

/// <summary>Both ends of an interval.</summary>
public readonly record struct Interval(double Low, double High)
{
    /// <summary>What both have in common; where that is nothing, the point of this one that is nearest to the other.</summary>
    public Interval NarrowedBy(Interval other) => new(Math.Clamp(other.Low, Low, High), Math.Clamp(other.High, Low, High));
}

/// <summary>Intervals of shares that hold for few counts too.</summary>
public static class ProportionInterval
{
    /// <summary>Wilson's score interval.</summary>
    public static Interval Wilson(long events, long count, double alpha)
    {
        var z = -Normal.Quantile(alpha / 2);
        var (share, square) = ((double)events / count, z * z / count);
        var middle = (share + square / 2) / (1 + square);
        var half = z / (1 + square) * Math.Sqrt(share * (1 - share) / count + square / (4 * count));
        return new(Math.Max(0, middle - half), Math.Min(1, middle + half));
    }

    /// <summary>Of the second share less the first, from both Wilson intervals (Newcombe's method 10).</summary>
    public static Interval Newcombe(long first, long firstOf, long second, long secondOf, double alpha)
    {
        var (p1, p2) = ((double)first / firstOf, (double)second / secondOf);
        var (a, b) = (Wilson(first, firstOf, alpha), Wilson(second, secondOf, alpha));
        return new(
            p2 - p1 - Math.Sqrt(Squared(p2 - b.Low) + Squared(a.High - p1)),
            p2 - p1 + Math.Sqrt(Squared(b.High - p2) + Squared(p1 - a.Low)));
    }

    private static double Squared(double x) => x * x;
}
