using System.Collections.Immutable;
using Platform.Core.Statistics;

namespace Platform.Core.Drift;

public enum DriftVerdict
{
    NoDrift,
    Drift,

    /// <summary>Nothing came in the window.</summary>
    NoData,

    /// <summary>Fewer items than <see cref="DriftTest.MinItems"/>.</summary>
    TooFew,

    /// <summary>There is nothing yet to hold it against.</summary>
    NoReferenceYet,
}

/// <summary>How one feature compares with the reference.</summary>
/// <param name="Test">"ks" or "psi".</param>
/// <param name="Psi">The stability index beside it, with its threshold for these sample sizes.</param>
/// <param name="N">Items in the window; what is no number is one of the bins.</param>
public sealed record FeatureDrift(
    string Name, bool IsOutput, string Test, DriftVerdict Verdict, long N, double? Statistic, double? Threshold, double? P, TestOutcome? Psi);

/// <summary>How a window of a version compares with its reference.</summary>
/// <param name="Verdict">Drift when a feature differs even after the allowance for how many are looked at (Holm, 1979).</param>
/// <param name="Score">
/// The largest statistic in units of its threshold: above 1 a feature, taken alone, has drifted. The stability index is a
/// squared distance, so its root is taken.
/// </param>
public sealed record DriftReport(DriftVerdict Verdict, long Items, double? Score, ImmutableArray<FeatureDrift> Features);

/// <summary>Tests features against a reference, calibrated to the sizes of both.</summary>
public sealed class DriftTest
{
    /// <summary>Probability of a false alarm: of each feature alone, and of all of them together.</summary>
    public const double Level = 0.01;

    public const int MinItems = 100;

    /// <summary>Further than this is as far as can be.</summary>
    private const double MaxRatio = 1e6;

    /// <summary>Bins of the stability index; each holds at least this part of the reference.</summary>
    private const int Groups = 10;

    /// <summary>A group with fewer expected has no chi-square distribution, by the index's logarithm even less than by squares.</summary>
    private const int MinExpected = 20;

    private readonly DriftReference reference;
    private readonly DriftCounts expected;
    private readonly (double[] Moments, double Critical)[] bridges;

    /// <summary>Works out what depends on the reference alone.</summary>
    public DriftTest(DriftReference reference, DriftCounts expected, double level = Level)
    {
        (this.reference, this.expected, AtLevel) = (reference, expected, level);
        bridges = [.. reference.Features.Select((feature, i) =>
        {
            if (feature.Feature.Kind is not FeatureKind.Number) return ([], 0);
            var moments = BinnedKolmogorov.Moments(expected.Bins[i]);
            return (moments, BridgeOnGrid.Quantile(level, moments));
        })];
    }

    public DriftReference Reference => reference;

    public long ReferenceItems => expected.Items;

    private double AtLevel { get; }

    public DriftReport Run(DriftCounts actual)
    {
        var features = reference.Features.Select((_, i) => Test(i, actual)).ToImmutableArray();
        if (actual.Items < MinItems) return new(actual.Items == 0 ? DriftVerdict.NoData : DriftVerdict.TooFew, actual.Items, null, features);
        // Holm's first step decides whether there is any difference at all.
        var tested = features.Count(feature => feature.P is not null);
        var smallest = features.Min(feature => feature.P) ?? 1;
        return new(
            smallest * tested < AtLevel ? DriftVerdict.Drift : DriftVerdict.NoDrift, actual.Items,
            features.Max(Score), features);
    }

    private static double? Score(FeatureDrift feature)
    {
        if (feature.Statistic / feature.Threshold is not { } ratio) return null;
        // A threshold of nothing is that of a feature which never varied.
        var bounded = double.IsNaN(ratio) ? 0 : Math.Min(ratio, MaxRatio);
        return feature.Test == "psi" ? Math.Sqrt(bounded) : bounded;
    }

    private FeatureDrift Test(int index, DriftCounts actual)
    {
        var (bins, counts) = (reference.Features[index], actual.Bins[index]);
        var feature = bins.Feature;
        var n = Items(bins, counts);
        var isNumber = feature.Kind is FeatureKind.Number;
        var name = isNumber ? "ks" : "psi";
        if (n < MinItems) return new(feature.Name, feature.IsOutput, name, n == 0 ? DriftVerdict.NoData : DriftVerdict.TooFew, n, null, null, null, null);
        // A histogram begins with its edges, later than the reference's other features.
        if (feature.Kind is FeatureKind.Histogram && Items(bins, expected.Bins[index]) < MinItems)
            return new(feature.Name, feature.IsOutput, name, DriftVerdict.NoReferenceYet, n, null, null, null, null);
        var psi = feature.Kind is FeatureKind.Histogram
            ? ClusteredStability.Test(
                ClusteredShares.From(counts, bins.Bins, feature.Width), ClusteredShares.From(expected.Bins[index], bins.Bins, feature.Width), feature.Width, AtLevel)
            : Stability(counts, expected.Bins[index], feature.Kind);
        var (moments, critical) = bridges[index];
        var decisive = isNumber ? BinnedKolmogorov.Test(counts, expected.Bins[index], moments, critical) : psi;
        return new(
            feature.Name, feature.IsOutput, name, decisive.P < AtLevel ? DriftVerdict.Drift : DriftVerdict.NoDrift, n,
            decisive.Statistic, decisive.Threshold, decisive.P, psi);
    }

    private static long Items(FeatureBins bins, ImmutableArray<long> counts) => counts.AsSpan()[..bins.Bins].ToArray().Sum() / bins.Feature.Width;

    /// <summary>Neighbouring bins are put together, and so are rare classes, until a chi-square distribution can be expected.</summary>
    private TestOutcome Stability(ImmutableArray<long> counts, ImmutableArray<long> reference, FeatureKind kind)
    {
        var (n, m) = (counts.Sum(), reference.Sum());
        // What both sizes make of it: the smaller sample has the fewest in a group.
        var least = Math.Max(
            kind is FeatureKind.Class ? 0 : (double)m / Groups * 0.999, MinExpected * Math.Max(1, (double)m / n));
        var order = kind is FeatureKind.Class ? [.. Enumerable.Range(0, counts.Length).OrderByDescending(i => reference[i])] : Enumerable.Range(0, counts.Length).ToArray();
        List<long> actual = [0], expectedCounts = [0];
        foreach (var i in order)
        {
            if (expectedCounts[^1] >= least)
            {
                actual.Add(0);
                expectedCounts.Add(0);
            }

            actual[^1] += counts[i];
            expectedCounts[^1] += reference[i];
        }

        if (expectedCounts.Count > 1 && expectedCounts[^1] < least)
        {
            actual[^2] += actual[^1];
            expectedCounts[^2] += expectedCounts[^1];
            actual.RemoveAt(actual.Count - 1);
            expectedCounts.RemoveAt(expectedCounts.Count - 1);
        }

        return PopulationStability.Test(actual, expectedCounts, AtLevel);
    }
}
