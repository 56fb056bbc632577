namespace Platform.Core.Statistics;

/// <summary>
/// An e-process for "the canary's rate is at most stable's rate plus a margin", tick by tick, whatever the rates of the
/// tick are. A tick's factor is the likelihood ratio of an alternative to the point of the null nearest to it in
/// Kullback–Leibler divergence; since the null is convex, its expectation is at most 1 everywhere in it (Turner, Ly and
/// Grünwald, "Generic E-variables for exact sequential k-sample tests", 2024).
/// </summary>
public static class DropEProcess
{
    private const double Edge = 1e-9;
    private const int Halvings = 40;

    /// <summary>The logarithms of one tick's factors, for each alternative.</summary>
    /// <param name="stableRate">What stable's rate was before this tick.</param>
    /// <param name="gaps">How far each alternative's canary is above the margin, as a share of the room that is left there.</param>
    public static void LogFactors(Span<double> factors, ReadOnlySpan<double> gaps, in CountTick tick, double stableRate, double margin)
    {
        var stable = Math.Clamp(stableRate, Edge, 1 - Edge);
        for (var i = 0; i < factors.Length; i++)
        {
            var floor = Math.Min(stable + margin, 1);
            var canary = Math.Clamp(floor + (gaps[i] * (1 - floor)), Edge, 1 - Edge);
            factors[i] = canary <= stable + margin ? 0 : LogFactor(tick, canary, stable, margin);
        }
    }

    internal static double LogFactor(in CountTick tick, double canary, double stable, double margin)
    {
        var (nullCanary, nullStable) = Nearest(tick.CanaryRequests, tick.StableRequests, canary, stable, margin);
        return LogRatio(tick.CanaryRequests, tick.CanaryBad, canary, nullCanary) + LogRatio(tick.StableRequests, tick.StableBad, stable, nullStable);
    }

    private static double LogRatio(double requests, double bad, double alternative, double nullRate) =>
        (bad * Math.Log(alternative / nullRate)) + ((requests - bad) * Math.Log((1 - alternative) / (1 - nullRate)));

    /// <summary>The point of the null's border with the least divergence, by halving where the derivative changes its sign.</summary>
    private static (double Canary, double Stable) Nearest(double nc, double ns, double canary, double stable, double margin)
    {
        var (low, high) = (Edge, Math.Max(Edge, 1 - margin - Edge));
        for (var i = 0; i < Halvings; i++)
        {
            var middle = (low + high) / 2;
            var c = middle + margin;
            var slope = (nc * (c - canary) / (c * (1 - c))) + (ns * (middle - stable) / (middle * (1 - middle)));
            if (slope < 0) low = middle;
            else high = middle;
        }

        return (low + margin, low);
    }
}
