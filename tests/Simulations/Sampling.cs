namespace Platform.Simulations;

/// <summary>Random numbers of the kinds that traffic has.</summary>
public static class Sampling
{
    private const double LargeMean = 60;

    public static double Normal(this Random random) =>
        Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())) * Math.Cos(2 * Math.PI * random.NextDouble());

    public static long Poisson(this Random random, double mean)
    {
        // Sums of independent parts, so that the exponential below does not underflow.
        if (mean > 10 * LargeMean) return (long)Math.Max(0, Math.Round(mean + (Math.Sqrt(mean) * random.Normal())));
        if (mean > LargeMean) return random.Poisson(mean / 2) + random.Poisson(mean / 2);
        var limit = Math.Exp(-mean);
        var (count, product) = (0L, random.NextDouble());
        while (product > limit)
        {
            count++;
            product *= random.NextDouble();
        }

        return count;
    }

    /// <summary>By the waiting times between successes, which is exact; rounded normal where many are expected.</summary>
    public static long Binomial(this Random random, long trials, double chance)
    {
        if (trials <= 0 || chance <= 0) return 0;
        if (chance >= 1) return trials;
        if (chance > 0.5) return trials - random.Binomial(trials, 1 - chance);
        var mean = trials * chance;
        if (mean > LargeMean)
            return Math.Clamp((long)Math.Round(mean + (Math.Sqrt(mean * (1 - chance)) * random.Normal())), 0, trials);
        var log = Math.Log(1 - chance);
        var (count, position) = (-1L, 0.0);
        while (position <= trials)
        {
            position += Math.Floor(Math.Log(1 - random.NextDouble()) / log) + 1;
            count++;
        }

        return count;
    }

    /// <summary>Gamma with mean 1 and the given coefficient of variation (Marsaglia and Tsang, 2000).</summary>
    public static double GammaOfMeanOne(this Random random, double cv)
    {
        if (cv <= 0) return 1;
        var shape = 1 / (cv * cv);
        var (d, c) = (shape - (1.0 / 3), 1 / Math.Sqrt(9 * (shape - (1.0 / 3))));
        while (true)
        {
            var x = random.Normal();
            var v = Math.Pow(1 + (c * x), 3);
            if (v > 0 && Math.Log(1 - random.NextDouble()) < (0.5 * x * x) + d - (d * v) + (d * Math.Log(v))) return d * v / shape;
        }
    }
}
