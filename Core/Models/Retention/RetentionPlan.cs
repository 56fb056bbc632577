using System.Collections.Immutable;

namespace Platform.Core.Models.Retention;

/// <summary>Why a version is kept, or removed.</summary>
public enum RetentionReason
{
    Tagged,
    Deployed,
    InRollout,
    InExperiment,
    RollbackTarget,
    BeingValidated,
    NoRule,
    AmongLast,
    YoungEnough,
    ParentOfKept,
    Expired,
}

/// <summary>What becomes of one version.</summary>
/// <param name="Why">The reason in a sentence.</param>
public sealed record RetentionVerdict(string Version, RetentionReason Reason, string Why);

/// <summary>What a clean-up removes and keeps; a dry run is this and nothing after it.</summary>
/// <param name="Removed">The last registered first, so that a clean-up that is cut short leaves no version without its parent.</param>
/// <param name="Kept">The last registered first.</param>
public sealed record RetentionPlan(ImmutableArray<RetentionVerdict> Removed, ImmutableArray<RetentionVerdict> Kept);

/// <summary>What versions are needed for just now, by version.</summary>
/// <param name="RollbackTarget">Where a rollback would go.</param>
public sealed record VersionsInUse(
    ImmutableArray<string> Deployed, ImmutableArray<string> InRollout, ImmutableArray<string> InExperiment, string? RollbackTarget = null)
{
    public static readonly VersionsInUse None = new([], [], []);
}
