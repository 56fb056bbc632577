using System.Collections.Immutable;
using System.Runtime.InteropServices;

namespace Platform.Core.Statistics;

/// <summary>
/// The exact e-process on counts of two arms that share their traffic. Given how many bad events a tick had in all, the
/// share of them that fell to the canary is binomial with the canary's share of the requests, whatever the rate of the
/// tick was, as long as both arms are equally bad; so incidents that both suffer, the time of day and changing weights
/// cancel. Under odds θ the share is q_θ = θq/(1+(θ−1)q). The running products of the likelihood ratios, averaged over
/// a grid of θ, are a test that may be looked at after every tick: reject at E ≥ 1/α.
/// </summary>
public static class CountEProcess
{
    /// <summary>The state before the first tick: one logarithm of a product for each θ.</summary>
    public static ImmutableArray<double> Start(int thetas) => [.. new double[thetas]];

    /// <summary>Logarithm of one tick's factor for one θ, against the null that the odds are at most <paramref name="margin"/>.</summary>
    /// <param name="q">The canary's share of the tick's requests, strictly between 0 and 1; else the tick says nothing.</param>
    /// <param name="theta">Above <paramref name="margin"/>.</param>
    public static double LogFactor(double q, double canaryBad, double stableBad, double theta, double margin = 1) =>
        q is <= 0 or >= 1
            ? 0
            : (canaryBad * Math.Log(theta / margin))
              - ((canaryBad + stableBad) * Math.Log((1 + ((theta - 1) * q)) / (1 + ((margin - 1) * q))));

    /// <summary>The logarithms of one tick's factors, for each θ as a multiple of the margin.</summary>
    public static void LogFactors(Span<double> factors, ReadOnlySpan<double> thetas, double q, double canaryBad, double stableBad, double margin = 1)
    {
        for (var i = 0; i < factors.Length; i++) factors[i] = LogFactor(q, canaryBad, stableBad, thetas[i] * margin, margin);
    }

    /// <summary>The products after one more tick.</summary>
    /// <param name="share">Power to which the factors are raised; below 1 where counts vary more than chance has them.</param>
    public static ImmutableArray<double> Add(ImmutableArray<double> logs, ReadOnlySpan<double> factors, double share = 1)
    {
        var next = new double[logs.Length];
        for (var i = 0; i < next.Length; i++) next[i] = logs[i] + (share * factors[i]);
        return ImmutableCollectionsMarshal.AsImmutableArray(next);
    }

    /// <summary>The products after one more tick.</summary>
    public static ImmutableArray<double> Observe(
        ImmutableArray<double> logs, ReadOnlySpan<double> thetas, double q, double canaryBad, double stableBad, double margin = 1)
    {
        if (canaryBad + stableBad == 0 || q is <= 0 or >= 1) return logs;
        Span<double> factors = stackalloc double[thetas.Length];
        LogFactors(factors, thetas, q, canaryBad, stableBad, margin);
        return Add(logs, factors);
    }

    /// <summary>No product above a bound: less than an e-process at every moment, and so as good a test of the same level.</summary>
    public static ImmutableArray<double> AtMost(ImmutableArray<double> logs, double bound)
    {
        var next = new double[logs.Length];
        for (var i = 0; i < next.Length; i++) next[i] = Math.Min(logs[i], bound);
        return ImmutableCollectionsMarshal.AsImmutableArray(next);
    }

    /// <summary>Logarithm of E, the mean of the products.</summary>
    public static double LogE(ImmutableArray<double> logs)
    {
        var largest = double.NegativeInfinity;
        foreach (var log in logs) largest = Math.Max(largest, log);
        var sum = 0.0;
        foreach (var log in logs) sum += Math.Exp(log - largest);
        return largest + Math.Log(sum / logs.Length);
    }
}
