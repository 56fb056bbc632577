namespace Platform.Core.Statistics;

/// <summary>How the significance of a difference was found.</summary>
public enum ProportionMethod
{
    PooledZ,
    FisherExact,
}

/// <summary>A second share compared with a first one.</summary>
/// <param name="Difference">Second less first.</param>
/// <param name="Low">Lower end of the interval (95 % unless asked otherwise) of the difference; null where counts are too small for it.</param>
/// <param name="High">Upper end.</param>
/// <param name="Z">The difference in pooled standard errors; null for the exact test.</param>
/// <param name="PValue">Two-sided, for this one comparison: it is not adjusted for others made beside it.</param>
public sealed record ProportionDifference(
    double Difference, double? Low, double? High, double? Z, double PValue, ProportionMethod Method);

/// <summary>Compares two shares, such as errors of requests, at one moment fixed in advance.</summary>
public static class TwoProportions
{
    /// <summary>A table with a cell below this is too thin for the normal approximation.</summary>
    public const int SmallestCellForZ = 10;

    /// <summary>
    /// z with the pooled standard error and an interval with the unpooled one; Fisher's exact test instead when a cell
    /// has fewer than <see cref="SmallestCellForZ"/>. Null when either side has no trials.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">A count is negative or above its number of trials.</exception>
    public static ProportionDifference? Compare(long first, long firstOf, long second, long secondOf, double alpha = 0.05)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(first);
        ArgumentOutOfRangeException.ThrowIfNegative(second);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(first, firstOf);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(second, secondOf);
        if (firstOf == 0 || secondOf == 0) return null;

        var (p1, p2) = ((double)first / firstOf, (double)second / secondOf);
        var smallest = Math.Min(Math.Min(first, firstOf - first), Math.Min(second, secondOf - second));
        if (smallest < SmallestCellForZ)
        {
            var exact = FisherExact.PValue(first, firstOf, second, secondOf);
            return new(p2 - p1, Low: null, High: null, Z: null, exact, ProportionMethod.FisherExact);
        }

        var pooled = ((double)first + second) / ((double)firstOf + secondOf);
        var z = (p2 - p1) / Math.Sqrt(pooled * (1 - pooled) * (1.0 / firstOf + 1.0 / secondOf));
        var margin = -Normal.Quantile(alpha / 2) * Math.Sqrt(p1 * (1 - p1) / firstOf + p2 * (1 - p2) / secondOf);
        return new(p2 - p1, p2 - p1 - margin, p2 - p1 + margin, z, 2 * Normal.UpperTail(Math.Abs(z)), ProportionMethod.PooledZ);
    }
}
