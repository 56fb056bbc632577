namespace Platform.Core.Resilience;

/// <summary>When a circuit breaker opens, and for how long.</summary>
/// <param name="MinRequests">Fewer results than that in the window say nothing.</param>
/// <param name="FailureShare">From this share of failures on it opens.</param>
/// <param name="Window">How far back results count.</param>
/// <param name="Open">How long it stays open the first time; twice as long after each probe that fails.</param>
/// <param name="OpenMax">The longest that it stays open without a probe.</param>
public sealed record BreakerPolicy(int MinRequests, double FailureShare, TimeSpan Window, TimeSpan Open, TimeSpan OpenMax)
{
    /// <summary>For a worker: a connection that breaks says enough by itself, see <see cref="BreakerResult.Broken"/>.</summary>
    public static readonly BreakerPolicy Worker =
        new(20, 0.5, TimeSpan.FromSeconds(10), TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(15));

    /// <summary>For a version: some requests may be what it cannot take, so it takes many failures.</summary>
    public static readonly BreakerPolicy Version =
        new(20, 0.5, TimeSpan.FromSeconds(10), TimeSpan.FromSeconds(2), TimeSpan.FromSeconds(30));
}

public enum BreakerState
{
    Closed,

    /// <summary>Nothing is let through.</summary>
    Open,

    /// <summary>One at a time is let through, to see.</summary>
    HalfOpen,
}

/// <summary>What came of what was let through.</summary>
public enum BreakerResult
{
    Succeeded,
    Failed,

    /// <summary>It failed in a way that leaves no doubt; the breaker opens at once.</summary>
    Broken,

    /// <summary>It says nothing, such as a caller that went away.</summary>
    Nothing,
}
