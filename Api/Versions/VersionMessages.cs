using System.Collections.Immutable;
using Platform.Api.Conventions;
using Platform.Contracts.Models;
using Platform.Core.Models;

namespace Platform.Api.Versions;

/// <param name="Version">A semantic version; kept as given.</param>
/// <param name="Metrics">Declared figures such as accuracy; measured ones come from validation and monitoring.</param>
/// <param name="Parent">The version it was derived from, if any.</param>
/// <param name="DerivedBy">How it was derived.</param>
public sealed record RegisterVersionRequest(
    string? Version,
    string? Description,
    TrainingInfo? Training,
    ImmutableSortedDictionary<string, double>? Metrics,
    ImmutableArray<Dependency>? Dependencies,
    ImmutableSortedDictionary<string, string>? Labels,
    string? Parent,
    string? DerivedBy)
{
    internal VersionMetadata ToMetadata() => new(
        Description ?? "",
        Training,
        Metrics ?? ImmutableSortedDictionary<string, double>.Empty,
        Dependencies ?? [],
        Labels ?? ImmutableSortedDictionary<string, string>.Empty,
        Parent,
        DerivedBy);
}

/// <param name="To">The stage to move to.</param>
/// <param name="Reason">Why; it stays in the history.</param>
public sealed record MoveVersionRequest(VersionStage? To, string? Reason);

public sealed record VersionResponse(
    string Model,
    string Version,
    string Description,
    VersionStage Stage,
    TrainingInfo? Training,
    ImmutableSortedDictionary<string, double> Metrics,
    ImmutableArray<Dependency> Dependencies,
    ImmutableSortedDictionary<string, string> Labels,
    string? Parent,
    string? DerivedBy,
    ArtifactInfo? Artifact,
    ModelSignature? Signature,
    ImmutableArray<string> Tags,
    string CreatedBy,
    DateTimeOffset CreatedAt,
    DateTimeOffset UpdatedAt,
    string Etag)
{
    internal static VersionResponse From(VersionView version) => new(
        version.Model, version.Version, version.Metadata.Description, version.Stage, version.Metadata.Training, version.Metadata.Metrics,
        version.Metadata.Dependencies, version.Metadata.Labels, version.Metadata.Parent, version.Metadata.DerivedBy, version.Artifact,
        version.Signature, version.Tags, version.CreatedBy, version.CreatedAt, version.UpdatedAt, Etags.Format(version.Revision));
}

public sealed record VersionHistoryResponse(ImmutableArray<StageStep> Items);
