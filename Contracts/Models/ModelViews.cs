using System.Collections.Immutable;
using Platform.Core.Models;
using Platform.Core.Models.Retention;

namespace Platform.Contracts.Models;

/// <summary>A model as its grain tells of it.</summary>
/// <param name="Revision">Grows with every change; the resource's etag.</param>
/// <param name="Production">The version in production, if any.</param>
public sealed record ModelView(
    string Name,
    ModelMetadata Metadata,
    LifecyclePolicy Policy,
    ImmutableArray<string> Versions,
    ImmutableSortedDictionary<string, string> Tags,
    ImmutableArray<string> Deployed,
    string? Production,
    string CreatedBy,
    DateTimeOffset CreatedAt,
    DateTimeOffset UpdatedAt,
    long Revision);

/// <summary>A version as its grains tell of it.</summary>
public sealed record VersionView(
    string Model,
    string Version,
    VersionMetadata Metadata,
    VersionStage Stage,
    ArtifactInfo? Artifact,
    ModelSignature? Signature,
    ImmutableArray<string> Tags,
    string CreatedBy,
    DateTimeOffset CreatedAt,
    DateTimeOffset UpdatedAt,
    long Revision);

/// <summary>What was in production, and where the other tags stood, at one moment; and every move of production.</summary>
/// <param name="Production">Null if nothing was in production then.</param>
public sealed record HistoryView(
    DateTimeOffset At,
    ProductionPeriod? Production,
    ImmutableSortedDictionary<string, string> Tags,
    ImmutableArray<ProductionMove> Moves,
    ImmutableArray<TagMove> TagMoves);

/// <summary>A version that was removed, with what is kept of it.</summary>
public sealed record RemovedVersionView(RemovedVersion Removal, VersionView Version, ImmutableArray<StageStep> History);

/// <param name="Total">How many there are in all.</param>
public sealed record RemovedVersionsView(ImmutableArray<RemovedVersionView> Items, int Total);
