using System.Collections.Immutable;

namespace Platform.Core.Models;

/// <summary>A version in a list: what lists, search and retention need to know without asking its grain.</summary>
/// <param name="Version">As it was registered.</param>
/// <param name="Owner">The model's owner.</param>
/// <param name="Metrics">As declared.</param>
/// <param name="SizeBytes">Length of its artifact, once it has one.</param>
/// <param name="Sha256">Digest of its artifact, once it has one.</param>
public sealed record VersionSummary(
    string Model,
    string Version,
    VersionStage Stage,
    ImmutableArray<string> Tags,
    ImmutableSortedDictionary<string, string> Labels,
    string Owner,
    string Description,
    string? Framework,
    string? Dataset,
    string? Commit,
    ImmutableSortedDictionary<string, double> Metrics,
    string? Parent,
    string? DerivedBy,
    long? SizeBytes,
    string? Sha256,
    string CreatedBy,
    DateTimeOffset CreatedAt,
    DateTimeOffset UpdatedAt);
