namespace Platform.Core.Rollouts;

/// <summary>How long until a bound's evidence decides.</summary>
public static class Outlook
{
    /// <summary>Longer than this is no help to anyone.</summary>
    private static readonly TimeSpan Longest = TimeSpan.FromDays(30);

    /// <summary>Fewest requests, on average, in which any test at that alpha can tell one rate from another (Wald).</summary>
    public static double WaldBound(double p0, double p1, double alpha) => -Math.Log(alpha) / Divergence(p1, p0);

    /// <summary>Of a Bernoulli rate from another, by Kullback and Leibler, in nats a request.</summary>
    public static double Divergence(double p1, double p0) => Term(p1, p0) + Term(1 - p1, 1 - p0);

    /// <summary>
    /// By the rates as they look now: if the canary looks worse than allowed, until that is proven; else until the step
    /// has its requests. Null when there is no traffic, or nothing is waited for.
    /// </summary>
    internal static TimeSpan? ExpectedDecision(CheckState state, double logE, double share, long missing, double canaryPerSecond)
    {
        if (canaryPerSecond <= 0 || !double.IsFinite(canaryPerSecond)) return null;
        var requests = Math.Max(missing, RequestsToProof(state, -Math.Log(share) - logE));
        return requests <= 0 ? null : TimeSpan.FromSeconds(Math.Ceiling(Math.Min(requests / canaryPerSecond, Longest.TotalSeconds)));
    }

    private static double RequestsToProof(CheckState state, double evidenceMissing)
    {
        var total = state.Total;
        if (total.CanaryRequests == 0 || evidenceMissing <= 0) return 0;
        var canary = (double)total.CanaryBad / total.CanaryRequests;
        // Half an event added, since no rate is proven to be nought.
        var stable = (total.StableBad + 0.5) / (total.StableRequests + 1);
        var allowed = state.Check.IsGap ? stable + state.Check.Gap : stable * state.Check.Margin;
        if (state.Check.Ceiling is { } ceiling) allowed = Math.Max(allowed, ceiling);
        return canary <= allowed || allowed >= 1 ? 0 : evidenceMissing / Divergence(canary, allowed);
    }

    private static double Term(double p1, double p0) => p1 <= 0 ? 0 : p1 * Math.Log(p1 / p0);
}
