namespace Platform.Core.Statistics;

/// <summary>What a mean is judged by.</summary>
/// <param name="Variance">Of one value, with n - 1 below; 0 for fewer than two values.</param>
public readonly record struct SampleMoments(long Count, double Mean, double Variance)
{
    /// <summary>From plain sums, which is what many processes can add to.</summary>
    public static SampleMoments FromSums(long count, double sum, double sumOfSquares)
    {
        if (count == 0) return default;
        var mean = sum / count;
        // Rounding may leave the difference of two large numbers a little below nothing.
        var variance = count < 2 ? 0 : Math.Max(0, (sumOfSquares - sum * mean) / (count - 1));
        return new(count, mean, variance);
    }

    public static SampleMoments Of(IReadOnlyCollection<double> values) =>
        FromSums(values.Count, values.Sum(), values.Sum(value => value * value));

    /// <summary>Squared standard error of the mean.</summary>
    public double MeanVariance => Variance / Count;
}
