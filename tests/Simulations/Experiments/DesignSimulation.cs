using Platform.Core.Statistics;

namespace Platform.Simulations.Experiments;

/// <summary>Samples of the designed size with the effect that they were designed for: how often is it found?</summary>
internal static class DesignSimulation
{
    private const double Alpha = 0.05;

    public static double Proportions(double first, double second, double power, int paths, int seed)
    {
        var size = (int)Math.Ceiling(ProportionDesign.PooledSize(first, second, Alpha, power));
        return PeekingSimulation.Rate(paths, seed, random =>
            TwoProportions.Compare(Events(random, first, size), size, Events(random, second, size), size)!.PValue <= Alpha);
    }

    public static double Means(double effect, double power, int paths, int seed)
    {
        var size = (int)Math.Ceiling(MeanDesign.ExactSize(effect, Alpha, power));
        return PeekingSimulation.Rate(paths, seed, random =>
            WelchTest.Compare(Values(random, 0, size), Values(random, effect, size))!.PValue <= Alpha);
    }

    private static long Events(Random random, double share, int count)
    {
        var events = 0;
        for (var i = 0; i < count; i++)
        {
            if (random.NextDouble() < share) events++;
        }

        return events;
    }

    private static SampleMoments Values(Random random, double mean, int count)
    {
        var (sum, squares) = (0.0, 0.0);
        for (var i = 0; i < count; i++)
        {
            var value = mean + Draws.Normal(random);
            sum += value;
            squares += value * value;
        }

        return SampleMoments.FromSums(count, sum, squares);
    }
}
