using System.Collections.Immutable;

namespace Platform.Core.Drift;

/// <summary>How a feature is counted, and with it how it is tested.</summary>
public enum FeatureKind
{
    /// <summary>A number an item, in bins between quantiles of the reference; tested by <see cref="Statistics.BinnedKolmogorov"/>.</summary>
    Number,

    /// <summary>A number of which many are alike, such as the brightness of a pixel; tested by <see cref="Statistics.PopulationStability"/>.</summary>
    Histogram,

    /// <summary>A class; tested by <see cref="Statistics.PopulationStability"/>.</summary>
    Class,
}

/// <summary>Name and kind of a feature.</summary>
/// <param name="IsOutput">Whether it is of the answer and not of the request.</param>
public sealed record FeatureInfo(string Name, FeatureKind Kind, bool IsOutput);

/// <summary>A feature with the edges of its bins: 176 bytes at most, and as many for each row of counts.</summary>
/// <param name="Edges">Ascending; a value belongs to the first edge that is not below it. Empty for classes.</param>
public sealed record FeatureBins(FeatureInfo Feature, ImmutableArray<double> Edges)
{
    /// <summary>Bins of equal share of the reference, beside one below it, one above it and one for what is no number.</summary>
    public const int Quantiles = 20;

    /// <summary>Bins of a class: one each, and one for all beyond the limit and for none.</summary>
    public static readonly int Classes = Quality.CounterNames.MaxClasses + 1;

    public int Count => Feature.Kind is FeatureKind.Class ? Classes : Edges.Length + 2;

    public int BinOf(double value)
    {
        if (Feature.Kind is FeatureKind.Class) return value is >= 0 and < Quality.CounterNames.MaxClasses ? (int)value : Classes - 1;
        if (double.IsNaN(value)) return Edges.Length + 1;
        var (low, high) = (0, Edges.Length);
        while (low < high)
        {
            var middle = (low + high) / 2;
            if (Edges[middle] < value) low = middle + 1;
            else high = middle;
        }

        return low;
    }

    /// <summary>
    /// Edges at the quantiles of a sample, at its largest value and just below its smallest, so that what lies outside of
    /// it is told apart even where all of it is the same.
    /// </summary>
    public static FeatureBins Of(FeatureInfo feature, IEnumerable<double> sample)
    {
        if (feature.Kind is FeatureKind.Class) return new(feature, []);
        var sorted = sample.Where(double.IsFinite).Order().ToArray();
        if (sorted.Length == 0) return new(feature, [0]);
        var edges = Enumerable.Range(1, Quantiles).Select(i => sorted[(int)Math.Ceiling((double)i * sorted.Length / Quantiles) - 1]);
        return new(feature, [.. edges.Prepend(Math.BitDecrement(sorted[0])).Distinct()]);
    }
}

/// <summary>What a version's requests and answers are held against.</summary>
/// <param name="Id">Of this very reference; counts in other bins do not mix with it.</param>
/// <param name="Source">"validation_dataset" or "first_requests".</param>
/// <param name="Target">Items after which it is complete.</param>
public sealed record DriftReference(string Id, string Source, DateTimeOffset At, long Target, ImmutableArray<FeatureBins> Features)
{
    public const string FromDataset = "validation_dataset";
    public const string FromRequests = "first_requests";
}

/// <summary>Items that were counted, and for each feature how many of them fell into each bin.</summary>
public sealed record DriftCounts(long Items, ImmutableArray<ImmutableArray<long>> Bins);

/// <summary>A reference with all that was counted for it.</summary>
public sealed record DriftBaseline(DriftReference Reference, DriftCounts Counts)
{
    /// <summary>Makes one of a sample, a row an item and a column a feature.</summary>
    public static DriftBaseline Of(string id, string source, DateTimeOffset at, IReadOnlyList<FeatureInfo> features, IReadOnlyList<float[]> rows)
    {
        var bins = features.Select((feature, i) => FeatureBins.Of(feature, rows.Select(row => (double)row[i]))).ToImmutableArray();
        var counts = bins.Select((feature, i) =>
        {
            var of = new long[feature.Count];
            foreach (var row in rows) of[feature.BinOf(row[i])]++;
            return of.ToImmutableArray();
        });
        return new(new DriftReference(id, source, at, rows.Count, bins), new DriftCounts(rows.Count, [.. counts]));
    }
}
