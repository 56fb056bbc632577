using System.Collections.Immutable;
using Platform.Core.Statistics;

namespace Platform.Core.Models.Comparison;

/// <summary>A field of the metadata that is not the same in all versions.</summary>
/// <param name="Values">By version, in their order; null where a version does not have it.</param>
public sealed record FieldComparison(string Field, ImmutableArray<string?> Values);

/// <summary>A figure side by side.</summary>
/// <param name="Values">By version, in their order; null where there is none.</param>
/// <param name="Differences">Each less the first; null where either is missing.</param>
public sealed record FigureComparison(string Name, ImmutableArray<double?> Values, ImmutableArray<double?> Differences);

/// <summary>A counted share side by side.</summary>
/// <param name="Values">By version, in their order; null where there is none.</param>
/// <param name="Differences">Each against the first, with its significance; null where either is missing or empty.</param>
public sealed record RateComparison(
    string Name, ImmutableArray<CountedRate?> Values, ImmutableArray<ProportionDifference?> Differences);

/// <summary>Whether a version can take the first one's place.</summary>
/// <param name="DropIn">Null where either has no artifact yet.</param>
public sealed record SignatureComparison(string Version, bool? DropIn, ImmutableArray<SignatureBreak> Breaks);

/// <summary>Versions side by side; the first is what the others are compared with.</summary>
/// <param name="Metadata">Only what differs.</param>
/// <param name="Metrics">As declared.</param>
/// <param name="SizeBytes">Of the artifacts.</param>
/// <param name="Signatures">Each version but the first against it.</param>
/// <param name="Measured">Live figures without counts behind them.</param>
/// <param name="Rates">Live figures with counts behind them.</param>
public sealed record VersionComparison(
    ImmutableArray<string> Versions,
    ImmutableArray<FieldComparison> Metadata,
    ImmutableArray<FigureComparison> Metrics,
    FigureComparison SizeBytes,
    ImmutableArray<SignatureComparison> Signatures,
    ImmutableArray<FigureComparison> Measured,
    ImmutableArray<RateComparison> Rates);
