using Semver;

namespace Platform.Core.Models.Search;

/// <summary>A version in memory for search: its number read once, not at each comparison.</summary>
public sealed class IndexedVersion(VersionSummary summary)
{
    public VersionSummary Summary { get; } = summary;

    internal SemVersion Number { get; } = VersionNumber.Parse(summary.Version);

    internal SortKey KeyFor(SearchOrder order) => new(
        order.Key is SearchKey.Updated ? Summary.UpdatedAt.UtcTicks : Summary.CreatedAt.UtcTicks,
        order.Metric is { } metric && Summary.Metrics.TryGetValue(metric, out var value) ? value : null,
        Summary.Model,
        Number);
}

/// <summary>A model in memory for search, with all its versions.</summary>
public sealed record IndexedModel(ModelSummary Summary, IReadOnlyCollection<IndexedVersion> Versions)
{
    internal SortKey KeyFor(SearchOrder order) => new(
        order.Key is SearchKey.Updated ? Summary.UpdatedAt.UtcTicks : Summary.CreatedAt.UtcTicks,
        Metric: null,
        Summary.Name,
        Version: null);
}
