using System.Collections.Immutable;
using Platform.Core.Results;
using Platform.Core.Statistics;

namespace Platform.Core.Models.Comparison;

/// <summary>Puts versions side by side.</summary>
public static class ComparisonRules
{
    public const int MinVersions = 2;
    public const int MaxVersions = 5;

    /// <summary>Whether these can be compared; null when so. To be asked before anything is fetched.</summary>
    public static Refusal? Refuse(ImmutableArray<string> versions)
    {
        if (versions.Length is < MinVersions or > MaxVersions)
            return Refusal.Invalid("versions", $"Give {MinVersions} to {MaxVersions} versions; these are {versions.Length}.");
        if (versions.FirstOrDefault(version => !VersionNumber.TryParse(version, out _)) is { } bad)
            return Refusal.Invalid("versions", $"'{bad}' is no version. {VersionNumber.Rule}");
        return versions.Select(VersionNumber.Canonical).Distinct(StringComparer.Ordinal).Count() < versions.Length
            ? Refusal.Invalid("versions", "Give each version once; build metadata does not distinguish.")
            : null;
    }

    public static Outcome<VersionComparison> Compare(ImmutableArray<ComparedVersion> versions)
    {
        if (Refuse([.. versions.Select(version => version.Version)]) is { } refusal) return refusal;
        return new VersionComparison(
            [.. versions.Select(version => version.Version)],
            MetadataFields.Differences([.. versions.Select(version => version.Metadata)]),
            Figures([.. versions.Select(version => version.Metadata.Metrics)]),
            Figure("size_bytes", [.. versions.Select(version => (double?)version.Artifact?.SizeBytes)]),
            [.. versions.Skip(1).Select(version => Signature(versions[0], version))],
            Figures([.. versions.Select(version => version.Measured?.Figures)]),
            Rates([.. versions.Select(version => version.Measured?.Rates)]));
    }

    private static ImmutableArray<FigureComparison> Figures(ImmutableArray<ImmutableSortedDictionary<string, double>?> figures) =>
        [.. NamesIn(figures).Select(name => Figure(name, [.. figures.Select(own => Value(own, name))]))];

    private static double? Value(ImmutableSortedDictionary<string, double>? figures, string name) =>
        figures is not null && figures.TryGetValue(name, out var value) ? value : null;

    private static FigureComparison Figure(string name, ImmutableArray<double?> values) =>
        new(name, values, [.. values.Select(value => value - values[0])]);

    private static ImmutableArray<RateComparison> Rates(ImmutableArray<ImmutableSortedDictionary<string, CountedRate>?> rates) =>
        [.. NamesIn(rates).Select(name => Rate(name, [.. rates.Select(own => own?.GetValueOrDefault(name))]))];

    private static RateComparison Rate(string name, ImmutableArray<CountedRate?> values) =>
        new(name, values, [.. values.Select((value, i) => i == 0 ? null : Difference(values[0], value))]);

    private static ProportionDifference? Difference(CountedRate? first, CountedRate? second) =>
        first is null || second is null ? null : TwoProportions.Compare(first.Count, first.Of, second.Count, second.Of);

    private static SignatureComparison Signature(ComparedVersion first, ComparedVersion next)
    {
        if (first.Signature is not { } old || next.Signature is not { } signature) return new(next.Version, DropIn: null, []);
        var breaks = SignatureCompatibility.Breaks(old, signature);
        return new(next.Version, breaks.IsEmpty, breaks);
    }

    private static IEnumerable<string> NamesIn<T>(ImmutableArray<ImmutableSortedDictionary<string, T>?> maps) =>
        maps.SelectMany(map => map?.Keys ?? []).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal);
}
