using System.Collections.Immutable;

namespace Platform.Core.Models.Comparison;

/// <summary>So many of so many: errors of requests, correct answers of labelled ones.</summary>
public sealed record CountedRate(long Count, long Of)
{
    /// <summary>Null while there is nothing to count in.</summary>
    public double? Rate => Of > 0 ? (double)Count / Of : null;
}

/// <summary>What was measured of a version in the window compared.</summary>
/// <param name="Rates">By name, such as "error_rate" or "accuracy"; differences of these get a significance.</param>
/// <param name="Figures">By name, such as "latency_p95_ms" or "throughput"; quantiles come without counts, so without one.</param>
public sealed record MeasuredFigures(
    ImmutableSortedDictionary<string, CountedRate> Rates, ImmutableSortedDictionary<string, double> Figures);

/// <summary>A version to compare.</summary>
/// <param name="Measured">Null if it had no traffic in the window.</param>
public sealed record ComparedVersion(
    string Version, VersionMetadata Metadata, ArtifactInfo? Artifact, ModelSignature? Signature, MeasuredFigures? Measured);
