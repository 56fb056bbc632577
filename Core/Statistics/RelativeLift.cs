namespace Platform.Core.Statistics;

/// <summary>The second mean over the first, less one, by the delta method.</summary>
/// <param name="Estimate">0.05 is five percent more.</param>
public readonly record struct RelativeLift(double Estimate, double StandardError)
{
    /// <summary>Null where the first mean is zero, for nothing can be told in shares of it.</summary>
    public static RelativeLift? Of(SampleMoments first, SampleMoments second)
    {
        if (first.Count == 0 || second.Count == 0 || first.Mean == 0) return null;
        var ratio = second.Mean / first.Mean;
        var variance = (second.MeanVariance + ratio * ratio * first.MeanVariance) / (first.Mean * first.Mean);
        return new(ratio - 1, Math.Sqrt(variance));
    }

    /// <summary>
    /// Power to find the lift with <paramref name="size"/> in each arm, where a test asks for
    /// <paramref name="critical"/> standard errors; a sequential one asks for more than a fixed one, and its error is
    /// stretched by as much, as GrowthBook does.
    /// </summary>
    public static double Power(double lift, SampleMoments baseline, double size, double alpha, double critical)
    {
        var z = -Normal.Quantile(alpha / 2);
        var error = Math.Sqrt(baseline.Variance / size * (1 + (1 + lift) * (1 + lift))) / Math.Abs(baseline.Mean);
        var shift = Math.Abs(lift) / (error * critical / z);
        return Normal.Cdf(shift - z) + Normal.Cdf(-shift - z);
    }

    /// <summary>The smallest lift upwards found with that power; null when no lift is, however large.</summary>
    public static double? MinimumDetectable(SampleMoments baseline, double size, double alpha, double power, double critical)
    {
        var z = -Normal.Quantile(alpha / 2);
        var root = (z + Normal.Quantile(power)) * critical / z;
        var c = root * root * baseline.Variance / size / (baseline.Mean * baseline.Mean);
        // lift² = c(1 + (1 + lift)²); its variance grows with the lift, and from c = 1 on faster than the lift itself.
        return c >= 1 ? null : (c + Math.Sqrt(c * (2 - c))) / (1 - c);
    }
}
