namespace Platform.Core.Statistics;

/// <summary>
/// A one-sided confidence sequence for the mean of block values, here the logarithms of each minute's rate ratio: its
/// width comes from how much the minutes really differ, so noise of a whole minute, which tests on counts take for
/// evidence, widens it. Asymptotic (Waudby-Smith, Arbour, Sinha, Kennedy and Ramdas, "Time-uniform central limit
/// theory", 2024): good from <see cref="LeastBlocks"/> on, and biased where a block has hardly any events, so it is
/// used beside an exact test and not alone.
/// </summary>
/// <param name="Blocks">How many blocks there were.</param>
/// <param name="Squares">Sum of the squared distances from the mean.</param>
public sealed record BlockSequence(int Blocks, double Mean, double Squares)
{
    public const int LeastBlocks = 8;
    private const double TunedForBlocks = 30;

    public static BlockSequence Empty { get; } = new(0, 0, 0);

    /// <summary>Logarithm of the ratio of both rates, with half an event added so that it is finite.</summary>
    public static double LogRateRatio(in CountTick block) =>
        Math.Log((block.CanaryBad + 0.5) / block.CanaryRequests) - Math.Log((block.StableBad + 0.5) / block.StableRequests);

    /// <summary>With one more block, by Welford's rule.</summary>
    public BlockSequence With(double value)
    {
        var mean = Mean + ((value - Mean) / (Blocks + 1));
        return new(Blocks + 1, mean, Squares + ((value - Mean) * (value - mean)));
    }

    /// <summary>The mean is above this with confidence 1 − <paramref name="alpha"/> at all times; −∞ while there are too few blocks.</summary>
    public double LowerBound(double alpha)
    {
        if (Blocks < LeastBlocks) return double.NegativeInfinity;
        var log = -2 * Math.Log(2 * alpha);
        var rho2 = (log + Math.Log(log + 1)) / TunedForBlocks;
        var grown = (Blocks * rho2) + 1;
        var width = Math.Sqrt(2 * grown / (Blocks * (double)Blocks * rho2) * Math.Log(1 + (Math.Sqrt(grown) / (2 * alpha))));
        return Mean - (Math.Sqrt(Squares / Blocks) * width);
    }
}
