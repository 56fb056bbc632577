using System.Collections.Immutable;

namespace Platform.Core.Drift;

/// <summary>How a feature is counted, and with it how it is tested.</summary>
public enum FeatureKind
{
    /// <summary>A number an item, in bins between quantiles of the reference; tested by <see cref="Statistics.BinnedKolmogorov"/>.</summary>
    Number,

    /// <summary>Many numbers an item, such as the brightness of the pixels of a picture; tested by <see cref="Statistics.ClusteredStability"/>.</summary>
    Histogram,

    /// <summary>A class; tested by <see cref="Statistics.PopulationStability"/>.</summary>
    Class,
}

/// <summary>Name and kind of a feature.</summary>
/// <param name="IsOutput">Whether it is of the answer and not of the request.</param>
public sealed record FeatureInfo(string Name, FeatureKind Kind, bool IsOutput)
{
    /// <summary>Numbers of an item that a histogram looks at: 64 items of them are 4 KB.</summary>
    public const int Points = 16;

    /// <summary>How many numbers an item has for it.</summary>
    public int Width => Kind is FeatureKind.Histogram ? Points : 1;
}

/// <summary>A feature with the edges of its bins: less than 4 KB, with its counts of a reference and of a window.</summary>
/// <param name="Edges">Ascending; a value belongs to the first edge that is not below it. Empty for classes.</param>
public sealed record FeatureBins(FeatureInfo Feature, ImmutableArray<double> Edges)
{
    /// <summary>Bins of equal share of the reference, beside one below it, one above it and one for what is no number.</summary>
    public const int Quantiles = 20;

    /// <summary>The same of a histogram, of which the bins are also counted in pairs.</summary>
    public const int HistogramQuantiles = 8;

    /// <summary>Bins of a class: one each, and one for all beyond the limit and for none.</summary>
    public static readonly int Classes = Quality.CounterNames.MaxClasses + 1;

    /// <summary>Bins of values.</summary>
    public int Bins => Feature.Kind is FeatureKind.Class ? Classes : Edges.Length + 2;

    /// <summary>What is counted: the bins, and for a histogram each pair of them after that.</summary>
    public int Count => Feature.Kind is FeatureKind.Histogram ? Bins + (Bins * (Bins + 1) / 2) : Bins;

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
    /// Counts one item. Points of one picture are alike: only the products of its counts say how much less its points tell
    /// than as many points of different pictures would.
    /// </summary>
    /// <param name="numbers">As many as the feature is wide.</param>
    public void Add(ReadOnlySpan<float> numbers, Span<long> counts)
    {
        if (Feature.Kind is not FeatureKind.Histogram)
        {
            counts[BinOf(numbers[0])]++;
            return;
        }

        Span<int> own = stackalloc int[HistogramQuantiles + 3];
        own = own[..Bins];
        own.Clear();
        foreach (var number in numbers) own[BinOf(number)]++;
        var pair = own.Length;
        for (var i = 0; i < own.Length; i++)
        {
            counts[i] += own[i];
            for (var j = i; j < own.Length; j++) counts[pair++] += own[i] * own[j];
        }
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
        var quantiles = feature.Kind is FeatureKind.Histogram ? HistogramQuantiles : Quantiles;
        var edges = Enumerable.Range(1, quantiles).Select(i => sorted[(int)Math.Ceiling((double)i * sorted.Length / quantiles) - 1]);
        return new(feature, [.. edges.Prepend(Math.BitDecrement(sorted[0])).Distinct()]);
    }
}
