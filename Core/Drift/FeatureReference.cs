using System.Collections.Immutable;

namespace Platform.Core.Drift;

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
    /// <summary>Makes one of a sample, a row an item (<see cref="RowLayout"/>). Rows may break off before their histograms.</summary>
    public static DriftBaseline Of(string id, string source, DateTimeOffset at, IReadOnlyList<FeatureInfo> features, IReadOnlyList<float[]> rows)
    {
        var layout = new RowLayout(features);
        var bins = features.Select((feature, i) => FeatureBins.Of(feature, rows.SelectMany(row => layout.Values(row, i)))).ToImmutableArray();
        var counts = bins.Select((feature, i) =>
        {
            var of = new long[feature.Count];
            foreach (var row in rows)
            {
                if (layout.Reaches(row, i)) feature.Add(layout.Of(row, i), of);
            }

            return of.ToImmutableArray();
        });
        return new(new DriftReference(id, source, at, rows.Count, bins), new DriftCounts(rows.Count, [.. counts]));
    }
}
