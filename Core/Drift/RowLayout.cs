using System.Collections.Immutable;

namespace Platform.Core.Drift;

/// <summary>
/// Where the features of an item stand in its row of numbers: first those of one number each, then the points of
/// histograms, so that a row can be kept without them.
/// </summary>
public sealed class RowLayout
{
    private readonly ImmutableArray<(int Start, int Width)> places;

    public RowLayout(IReadOnlyList<FeatureInfo> features)
    {
        Singles = features.Count(feature => feature.Width == 1);
        var (single, wide) = (0, Singles);
        var found = ImmutableArray.CreateBuilder<(int, int)>(features.Count);
        foreach (var feature in features)
        {
            if (feature.Width == 1)
            {
                found.Add((single++, 1));
                continue;
            }

            found.Add((wide, feature.Width));
            wide += feature.Width;
        }

        (places, Width) = (found.ToImmutable(), wide);
    }

    /// <summary>Numbers of a whole row.</summary>
    public int Width { get; }

    /// <summary>Numbers of a row without histograms.</summary>
    public int Singles { get; }

    public bool Reaches(ReadOnlySpan<float> row, int feature) => places[feature].Start + places[feature].Width <= row.Length;

    public Span<float> Of(Span<float> row, int feature) => row.Slice(places[feature].Start, places[feature].Width);

    public ReadOnlySpan<float> Of(ReadOnlySpan<float> row, int feature) => row.Slice(places[feature].Start, places[feature].Width);

    /// <summary>A row's numbers of a feature; none where the row breaks off before them.</summary>
    public IEnumerable<double> Values(float[] row, int feature) =>
        Reaches(row, feature) ? row.Skip(places[feature].Start).Take(places[feature].Width).Select(number => (double)number) : [];
}
