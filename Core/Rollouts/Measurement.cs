namespace Platform.Core.Rollouts;

/// <summary>What a bound's numbers say.</summary>
public enum CheckVerdict
{
    /// <summary>Enough requests, and nothing speaks for harm.</summary>
    Pass,

    /// <summary>The canary is worse than the bound allows.</summary>
    Fail,

    /// <summary>Not enough requests yet, or something speaks for harm but not enough.</summary>
    Inconclusive,

    /// <summary>Nothing was counted: neither a pass nor a failure.</summary>
    NoData,
}

/// <summary>Why.</summary>
public enum CheckReason
{
    NothingAgainstIt,

    /// <summary>Far worse: beyond three times what the bound allows.</summary>
    FarWorse,

    /// <summary>Worse than chance and stable's own noise explain.</summary>
    Worse,

    /// <summary>Worse by the counts and by the minutes both.</summary>
    WorseByCountsAndMinutes,

    /// <summary>Above the absolute bound, with no stable traffic to share the blame.</summary>
    AboveTheLimit,

    /// <summary>Above the absolute bound, and stable is no better: not the canary's fault.</summary>
    SharedWithStable,

    /// <summary>Something speaks for harm, not enough to act on.</summary>
    Leaning,

    TooFewRequests,
    NoRequests,

    /// <summary>A bound against stable in a step that leaves stable no traffic; nothing waits for it.</summary>
    NothingToCompareWith,

    /// <summary>The metric's numbers are not there: none collected for this model or version.</summary>
    NotMeasured,
}

/// <summary>One look at one bound, with the numbers that it rests on.</summary>
/// <param name="Metric">The guardrail's name.</param>
/// <param name="Class">Of metrics that are judged class by class that which speaks most for harm; its numbers are these. Values count by powers of two.</param>
/// <param name="Limit">What the bound allows.</param>
/// <param name="Threshold">Of latencies: answers slower than this many milliseconds were counted.</param>
/// <param name="Stable">Stable's value, null without data; of latencies the share of slower answers.</param>
/// <param name="Canary">The canary's.</param>
/// <param name="EValue">Evidence against the bound; 1 is none.</param>
/// <param name="PValue">1 / the highest E-value so far: valid however often it was looked at.</param>
/// <param name="Alpha">The bound's share of the rollout's alpha.</param>
/// <param name="ComparedWith">What the canary was compared with, in words.</param>
/// <param name="StableCv">How much stable's minutes vary beyond chance; null while unknown.</param>
/// <param name="ExpectedDecision">About how long until the evidence decides, at the present traffic; null if none comes.</param>
/// <param name="RequestsMissing">Canary requests that the step still needs.</param>
public sealed record Measurement(
    DateTimeOffset At, string Metric, string? Class, Bound Bound, double Limit, double? Threshold, double? Stable, double? Canary,
    CheckVerdict Verdict, CheckReason Reason, long CanaryRequests, long CanaryBad, long StableRequests, long StableBad,
    double EValue, double PValue, double Alpha, string ComparedWith, double? StableCv, TimeSpan? ExpectedDecision, long RequestsMissing);
