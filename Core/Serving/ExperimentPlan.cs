using System.Collections.Immutable;
using Platform.Core.Experiments;

namespace Platform.Core.Serving;

/// <summary>A metric that an experiment counts.</summary>
public sealed record WatchedMetric(string Name, MetricKind Kind);

/// <summary>What Apis must know of a model's running experiment to count it.</summary>
/// <param name="Id">What it is counted under; another experiment of the same name has another.</param>
/// <param name="Arms">Names in the design's order; each is the plan's route <c>arm:name</c>.</param>
/// <param name="ByRequest">Whether each request is drawn for itself, whatever routing key it carries.</param>
/// <param name="StartedAt">Predictions from before are none of its.</param>
/// <param name="Metrics">The one that decides and the guardrails'.</param>
public sealed record ExperimentPlan(
    string Id, ImmutableArray<string> Arms, bool ByRequest, DateTimeOffset StartedAt, ImmutableArray<WatchedMetric> Metrics)
{
    /// <summary>The arm's place in the design; -1 for a route that is none of its arms.</summary>
    public int ArmOf(string route) =>
        route.StartsWith(Arm.RoutePrefix, StringComparison.Ordinal) ? Arms.IndexOf(route[Arm.RoutePrefix.Length..]) : -1;

    public WatchedMetric? Find(string name) => Metrics.FirstOrDefault(metric => metric.Name == name);
}
