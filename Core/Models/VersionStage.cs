namespace Platform.Core.Models;

/// <summary>Where a version stands in its life.</summary>
public enum VersionStage
{
    Created,
    Training,
    Validating,
    Validated,
    Staged,
    Deployed,
    Retired,
    Rejected,
}

/// <summary>One step of a version's life.</summary>
/// <param name="By">Who asked for it: the name of a key, or "platform" for a step that a deployment made.</param>
/// <param name="Reason">Why, in that one's words.</param>
public sealed record StageStep(VersionStage? From, VersionStage To, DateTimeOffset At, string By, string Reason);
