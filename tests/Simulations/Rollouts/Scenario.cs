using System.Collections.Immutable;
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

/// <summary>What a metric does while nothing is wrong.</summary>
/// <param name="Rate">Share of requests that are bad.</param>
/// <param name="Counted">Share of requests that count, as when only some get labels.</param>
public sealed record SimulatedMetric(double Rate, double Counted = 1);

/// <summary>A rollout to run many times.</summary>
/// <param name="PerSecond">Requests a second, both arms together.</param>
/// <param name="ArmCv">Noise of each arm of its own, a factor drawn every minute.</param>
/// <param name="ErrorFactor">By how much the canary's errors are more frequent than stable's.</param>
/// <param name="Weights">The canary's percent in each step.</param>
/// <param name="HistoryMinutes">Minutes of stable alone before the rollout, from which its noise is known.</param>
/// <param name="ByClass">Guardrails that are judged class by class, instead of the six.</param>
public sealed record Scenario(
    double PerSecond, Traffic Traffic, double ArmCv = 0, double ErrorFactor = 1, int HistoryMinutes = 30, double[]? Weights = null,
    int StepSeconds = 600, bool ByClass = false)
{
    public const double ErrorRate = 0.005;
    public const double Alpha = 0.01;
    public const int Classes = 10;

    /// <summary>Six bounds, of every kind that is judged by counts.</summary>
    private static readonly ImmutableArray<Guardrail> Six =
    [
        new("error_rate", Max: 0.01, MaxRatioToStable: 1),
        new("latency_p95_ms", MaxRatioToStable: 1),
        new("latency_p99_ms", MaxRatioToStable: 1),
        new("nan_rate", MaxRatioToStable: 1),
        new("accuracy", MaxDrop: 0.005),
    ];

    private static readonly ImmutableArray<Guardrail> OfClasses =
        [new("recall", MaxDrop: 0.01), new("precision", Min: 0.95), new("f1", MaxDrop: 0.01), new("output_drift", Max: 0.02)];

    private static readonly Dictionary<string, SimulatedMetric> Metrics = new()
    {
        ["error_rate"] = new(ErrorRate), ["latency_p95_ms"] = new(0.05), ["latency_p99_ms"] = new(0.01), ["nan_rate"] = new(0.001),
        ["accuracy"] = new(0.02, Counted: 0.2), ["recall"] = new(0.02, Counted: 0.2), ["precision"] = new(0.02, Counted: 0.2), ["f1"] = new(0.04, Counted: 0.2),
        ["output_drift"] = new(1.0 / Classes),
    };

    /// <summary>What is rolled out, read from a request as the platform reads it.</summary>
    public RolloutPlan Plan() => RolloutRules.Read(
        new RolloutRequest(
            "2.0.0",
            Steps: [.. (Weights ?? [5, 10, 25, 50]).Select(weight => new RolloutStep(weight, TimeSpan.FromSeconds(StepSeconds)))],
            Analysis: new RolloutAnalysis(Metrics: ByClass ? OfClasses : Six, Alpha: Alpha), AutoPromote: true, MaxWait: TimeSpan.FromHours(2)),
        "2.0.0", "salt", Classes).Value!;

    public static int Bounds { get; } = new Scenario(1, Traffic.Flat).Plan().Checks().Length;

    public static SimulatedMetric MetricOf(GuardrailCheck check) => Metrics[check.Metric];

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
