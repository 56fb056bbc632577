using System.Collections.Immutable;
using Platform.Contracts.Models;
using Platform.Core.Models;
using Platform.Core.Models.Retention;

namespace Platform.Api.Retention;

/// <summary>A version is kept if any of these keeps it; without the first two all are.</summary>
/// <param name="KeepLast">As many of the last registered ones.</param>
/// <param name="MaxAge">Those registered no longer ago, such as "90d".</param>
/// <param name="KeepTagged">True; a tagged version is always kept.</param>
public sealed record PutRetentionRequest(int? KeepLast, TimeSpan? MaxAge, bool KeepTagged = true)
{
    internal RetentionPolicy ToPolicy() => new(KeepLast, MaxAge, KeepTagged);
}

/// <param name="DryRun">As <c>?dry_run=</c>: say what would be removed, and remove nothing.</param>
public sealed record CleanUpRequest(bool DryRun);

/// <param name="Removed">What was removed, or would be, and why.</param>
public sealed record CleanUpResponse(bool DryRun, ImmutableArray<RetentionVerdict> Removed, ImmutableArray<RetentionVerdict> Kept);

/// <summary>What is kept of a removed version.</summary>
public sealed record RemovedVersionResponse(
    string Model,
    string Version,
    DateTimeOffset RemovedAt,
    string RemovedBy,
    string Why,
    VersionMetadata Metadata,
    ArtifactInfo? Artifact,
    string CreatedBy,
    DateTimeOffset CreatedAt,
    ImmutableArray<StageStep> History)
{
    internal static RemovedVersionResponse From(RemovedVersionView view) => new(
        view.Version.Model, view.Removal.Version, view.Removal.At, view.Removal.By, view.Removal.Why, view.Version.Metadata,
        view.Version.Artifact, view.Version.CreatedBy, view.Version.CreatedAt, view.History);
}
