using System.Collections.Immutable;

namespace Platform.Core.Measuring;

/// <summary>What one route of one version counted, step by step.</summary>
/// <param name="Steps">As many as the window has; null where nothing was counted, which is not the same as zero latency.</param>
public sealed record MetricSeries(MetricKey Key, ImmutableArray<MetricCounts?> Steps)
{
    public MetricCounts Total() => MetricCounts.Sum(Steps);
}

/// <summary>What was found of a model in a window. A series without any counts is not there.</summary>
public sealed record MetricReading(MetricWindow Window, ImmutableArray<MetricSeries> Series)
{
    /// <summary>All series of the source that match, added up step by step; null in steps in which none counted.</summary>
    /// <param name="version">One version, or null for all.</param>
    /// <param name="route">One route, or null for all.</param>
    public ImmutableArray<MetricCounts?> Steps(MetricSource source, string? version = null, string? route = null)
    {
        var matching = Matching(source, version, route).ToArray();
        return [.. Enumerable.Range(0, Window.Steps).Select(step => SumOf([.. matching.Select(series => series.Steps[step]).OfType<MetricCounts>()]))];
    }

    /// <summary>The same over the whole window.</summary>
    public MetricCounts Total(MetricSource source, string? version = null, string? route = null) =>
        MetricCounts.Sum(Matching(source, version, route).SelectMany(series => series.Steps));

    private IEnumerable<MetricSeries> Matching(MetricSource source, string? version, string? route) => Series.Where(series =>
        series.Key.Source == source && (version ?? series.Key.Version) == series.Key.Version && (route ?? series.Key.Route) == series.Key.Route);

    private static MetricCounts? SumOf(MetricCounts[] parts) => parts switch { [] => null, [var only] => only, _ => MetricCounts.Sum(parts) };
}
