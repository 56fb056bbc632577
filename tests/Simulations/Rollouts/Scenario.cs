using Platform.Core.Rollouts;

namespace Platform.Simulations.Rollouts;

/// <summary>How the traffic and the rate of bad events go.</summary>
public enum Traffic
{
    Flat,

    /// <summary>A day's rhythm of both, at a random hour.</summary>
    Daily,

    /// <summary>For ten minutes from the twentieth on, both arms have three times the bad events.</summary>
    SharedIncident,
}

/// <summary>A guardrail with what its metric does while nothing is wrong.</summary>
/// <param name="Rate">Share of requests that are bad.</param>
/// <param name="Counted">Share of requests that count, as when only some get labels.</param>
public sealed record SimulatedCheck(GuardrailCheck Check, double Rate, double Counted = 1);

/// <summary>A rollout to run many times.</summary>
/// <param name="PerSecond">Requests a second, both arms together.</param>
/// <param name="ArmCv">Noise of each arm of its own, a factor drawn every minute.</param>
/// <param name="ErrorFactor">By how much the canary's errors are more frequent than stable's.</param>
/// <param name="Weights">The canary's share in each step.</param>
/// <param name="HistoryMinutes">Minutes of stable alone before the rollout, from which its noise is known.</param>
public sealed record Scenario(
    double PerSecond, Traffic Traffic, double ArmCv = 0, double ErrorFactor = 1, int HistoryMinutes = 30, double[]? Weights = null,
    int StepSeconds = 600)
{
    public const double ErrorRate = 0.005;

    /// <summary>Six bounds, of every kind that is judged by counts.</summary>
    public static SimulatedCheck[] SixGuardrails { get; } =
    [
        new(new("error_rate", Bound.MaxRatioToStable, 1), ErrorRate),
        new(new("error_rate", Bound.Max, 0.01), ErrorRate),
        new(new("latency_p95_ms", Bound.MaxRatioToStable, 1), 0.05),
        new(new("latency_p99_ms", Bound.MaxRatioToStable, 1), 0.01),
        new(new("nan_rate", Bound.MaxRatioToStable, 1), 0.001),
        new(new("accuracy", Bound.MaxDrop, 0.005), 0.02, Counted: 0.2),
    ];

    public double[] Steps => Weights ?? [0.05, 0.1, 0.25, 0.5];

    public int Seconds => Steps.Length * StepSeconds;

    public double WeightAt(int second) => Steps[Math.Min(second / StepSeconds, Steps.Length - 1)];

    /// <summary>What the traffic is multiplied with at a second of the rollout.</summary>
    public double TrafficAt(double second, double phase) =>
        Traffic is Traffic.Daily ? 1 + (0.6 * Math.Sin((second / 86_400 * 2 * Math.PI) + phase)) : 1;

    /// <summary>What every rate of bad events is multiplied with, on both arms.</summary>
    public double BadnessAt(double second, double phase) => Traffic switch
    {
        Traffic.Daily => 1 + (0.5 * Math.Sin((second / 86_400 * 2 * Math.PI) + (2 * phase))),
        Traffic.SharedIncident when second is >= 1_200 and < 1_800 => 3,
        _ => 1,
    };
}
