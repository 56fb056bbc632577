namespace Platform.Simulations.Experiments;

/// <summary>Random outcomes.</summary>
internal static class Draws
{
    /// <summary>Standard normal (Marsaglia's polar method).</summary>
    public static double Normal(Random random)
    {
        while (true)
        {
            var (x, y) = (2 * random.NextDouble() - 1, 2 * random.NextDouble() - 1);
            var square = x * x + y * y;
            if (square is > 0 and < 1) return x * Math.Sqrt(-2 * Math.Log(square) / square);
        }
    }

    /// <summary>Skewed, as latencies are.</summary>
    public static double Exponential(Random random) => -Math.Log(1 - random.NextDouble());
}
