using System.Collections.Immutable;

namespace Platform.Core.Experiments;

/// <summary>What is assigned to an arm and counted once.</summary>
public enum ExperimentUnit
{
    /// <summary>Whoever sends the same <c>X-Routing-Key</c>; a request without one stands for itself.</summary>
    RoutingKey,

    /// <summary>Each request for itself, whatever key it carries.</summary>
    Request,
}

public enum MetricKind
{
    /// <summary>Each outcome is 0 or 1.</summary>
    Proportion,

    /// <summary>Each outcome is a number.</summary>
    Mean,
}

/// <summary>Which way is better.</summary>
public enum MetricDirection
{
    Increase,
    Decrease,
}

/// <summary>What a unit counts as that no outcome came for.</summary>
public enum MissingOutcome
{
    /// <summary>Nothing: it may still come.</summary>
    Ignore,

    /// <summary>0: only what happened is reported, as with purchases.</summary>
    Zero,
}

/// <summary>One of the versions that are compared.</summary>
/// <param name="Weight">Percent of the traffic, to hundredths; those of all arms sum to 100.</param>
public sealed record ArmSpec(string? Name, string? Version, double? Weight);

/// <summary>What is measured.</summary>
/// <param name="Name">accuracy, error_rate and latency_ms are measured here; any other name is an outcome sent to /v1/feedback.</param>
/// <param name="Missing">Left out: zero for conversion, else ignore.</param>
public sealed record MetricSpec(string? Name, MetricKind? Kind, MetricDirection? Direction, MissingOutcome? Missing = null);

/// <summary>What no arm may make worse; significant harm ends the experiment in favour of control.</summary>
public sealed record GuardrailSpec(string? Name, MetricKind? Kind, MetricDirection? Direction);

/// <summary>An experiment as it is asked for.</summary>
/// <param name="Arms">The control is the arm of that name, else the first.</param>
/// <param name="Alpha">Chance of a false finding, over all arms and looks.</param>
/// <param name="Power">Chance to find <paramref name="MinimumEffect"/>.</param>
/// <param name="MinimumEffect">Smallest difference worth finding, in the metric's own unit.</param>
/// <param name="Baseline">Control's value as far as known; sizes the sample.</param>
/// <param name="StandardDeviation">Of a mean's outcomes as far as known; sizes the sample.</param>
/// <param name="MinDuration">No decision in favour of an arm before that.</param>
/// <param name="Sequential">Decide as soon as the evidence allows, at any look; else once, when the sample is complete.</param>
public sealed record ExperimentSpec(
    string? Name,
    ImmutableArray<ArmSpec>? Arms,
    MetricSpec? Metric,
    double? MinimumEffect,
    ExperimentUnit Unit = ExperimentUnit.RoutingKey,
    double Alpha = 0.05,
    double Power = 0.8,
    double? Baseline = null,
    double? StandardDeviation = null,
    TimeSpan? MinDuration = null,
    TimeSpan? MaxDuration = null,
    bool Sequential = true,
    ImmutableArray<GuardrailSpec>? Guardrails = null);
