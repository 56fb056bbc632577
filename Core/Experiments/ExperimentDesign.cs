using System.Collections.Immutable;

namespace Platform.Core.Experiments;

/// <summary>One of the versions that are compared.</summary>
/// <param name="WeightBasisPoints">Hundredths of a percent of the traffic.</param>
public sealed record Arm(string Name, string Version, int WeightBasisPoints)
{
    public const string RoutePrefix = "arm:";

    /// <summary>What <c>X-Route</c> says of it.</summary>
    public string Route => RoutePrefix + Name;

    public double Share => WeightBasisPoints / 10_000.0;
}

/// <summary>What is measured, and which way is better.</summary>
public sealed record Metric(string Name, MetricKind Kind, MetricDirection Direction, MissingOutcome Missing)
{
    public const string Accuracy = "accuracy";
    public const string Conversion = "conversion";
    public const string ErrorRate = "error_rate";
    public const string LatencyMs = "latency_ms";

    /// <summary>What is appended to a metric's name for a unit's value from before the experiment.</summary>
    public const string BeforeSuffix = ".before";

    /// <summary>1 where more is better, -1 where less is.</summary>
    public int Sign => Direction is MetricDirection.Increase ? 1 : -1;
}

/// <summary>An experiment whose every field was checked.</summary>
/// <param name="Arms">Control first.</param>
public sealed record ExperimentDesign(
    string Name,
    ImmutableArray<Arm> Arms,
    ExperimentUnit Unit,
    Metric Metric,
    double MinimumEffect,
    double Alpha,
    double Power,
    double? Baseline,
    double? StandardDeviation,
    TimeSpan MinDuration,
    TimeSpan MaxDuration,
    bool Sequential,
    ImmutableArray<Metric> Guardrails)
{
    public Arm Control => Arms[0];

    /// <summary>Alpha of one treatment against control: Bonferroni's share.</summary>
    public double ComparisonAlpha => Alpha / (Arms.Length - 1);

    /// <summary>Alpha of one guardrail of one treatment.</summary>
    public double GuardrailAlpha => Alpha / (Math.Max(1, Guardrails.Length) * (Arms.Length - 1));
}
