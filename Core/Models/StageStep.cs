namespace Platform.Core.Models;

/// <summary>What makes a version take a step.</summary>
public enum StepCause
{
    /// <summary>Somebody asked for this stage.</summary>
    Hand,

    /// <summary>A validation run began, ended or was given up.</summary>
    Validation,

    /// <summary>Somebody else than who registered the version approved it.</summary>
    Approval,

    /// <summary>It was put on the workers, or taken off them.</summary>
    Deployment,
}

/// <summary>What a step rests on.</summary>
public enum EvidenceKind
{
    ValidationRun,
    Approval,
}

/// <summary>Where to look up why a step was right.</summary>
/// <param name="Reference">Id of the validation run or approval.</param>
public sealed record StageEvidence(EvidenceKind Kind, string Reference);

/// <summary>One step of a version's life.</summary>
/// <param name="By">Who asked for it: the name of a key, or "platform" for a step that a deployment made.</param>
/// <param name="Reason">Why, in that one's words.</param>
public sealed record StageStep(
    VersionStage? From, VersionStage To, DateTimeOffset At, string By, string Reason, StageEvidence? Evidence = null);
