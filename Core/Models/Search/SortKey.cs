using Semver;

namespace Platform.Core.Models.Search;

/// <summary>All that an order may look at, and what tells items apart: model and version.</summary>
internal readonly record struct SortKey(long Ticks, double? Metric, string Model, SemVersion? Version);

/// <summary>A total order, so that every item has one place between its neighbours whoever else comes or goes.</summary>
internal sealed class SortKeyComparer(SearchOrder order) : IComparer<SortKey>
{
    public int Compare(SortKey x, SortKey y)
    {
        // Items without the metric are last in both directions, so that they never hide those with it.
        if (x.Metric.HasValue != y.Metric.HasValue) return x.Metric.HasValue ? -1 : 1;
        var byKey = order.Key switch
        {
            SearchKey.Version => SemVersion.ComparePrecedence(x.Version, y.Version),
            SearchKey.Created or SearchKey.Updated => x.Ticks.CompareTo(y.Ticks),
            SearchKey.Metric => Nullable.Compare(x.Metric, y.Metric),
            _ => string.CompareOrdinal(x.Model, y.Model),
        };
        if (byKey != 0) return order.Descending ? -byKey : byKey;
        var byModel = string.CompareOrdinal(x.Model, y.Model);
        return byModel != 0 ? byModel : SemVersion.ComparePrecedence(x.Version, y.Version);
    }
}
