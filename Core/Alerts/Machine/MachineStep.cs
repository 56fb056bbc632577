using System.Collections.Immutable;

namespace Platform.Core.Alerts.Machine;

/// <summary>Why an alert is where it is after an evaluation.</summary>
public enum AlertReason
{
    /// <summary>The condition began to hold.</summary>
    ConditionMet,

    /// <summary>It held for as long as the rule asks.</summary>
    HeldForLongEnough,

    /// <summary>It holds, not yet for long enough.</summary>
    AwaitingFor,

    /// <summary>It fired and still does.</summary>
    StillFiring,

    /// <summary>The rule now asks for longer than the condition has held.</summary>
    ForWasProlonged,

    /// <summary>The condition holds no more; the rule keeps it firing a while.</summary>
    KeptFiring,

    /// <summary>Too little data; nothing was changed.</summary>
    KeptForMissingData,

    /// <summary>The condition ceased before it fired.</summary>
    PendingCeased,

    /// <summary>The condition ceased and the alert is resolved.</summary>
    ConditionCeased,

    /// <summary>Resolved before, still remembered.</summary>
    RememberedResolved,

    /// <summary>Resolved long enough ago to be forgotten.</summary>
    RetentionPassed,
}

/// <summary>Whether the evaluation as a whole counted.</summary>
public enum EvaluationReason
{
    Evaluated,

    /// <summary>Two series had the same labels: nothing was changed.</summary>
    DuplicateLabels,

    /// <summary>More alerts than the rule may have: all were dropped.</summary>
    TooManyAlerts,
}

/// <param name="Before">Null if it was not there.</param>
/// <param name="After">Null if it is gone.</param>
public sealed record AlertChange(string Fingerprint, ActiveAlert? Before, ActiveAlert? After, AlertReason Reason)
{
    public bool IsTransition => Before?.State != After?.State;
}

/// <summary>What came of one evaluation.</summary>
/// <param name="Alerts">By fingerprint: what to remember for the next.</param>
/// <param name="Changes">One for each alert that was there before or is now.</param>
/// <param name="ToSend">Fingerprints of those to hand on for notification now; they are marked as sent.</param>
public sealed record MachineStep(
    ImmutableSortedDictionary<string, ActiveAlert> Alerts,
    ImmutableArray<AlertChange> Changes,
    ImmutableArray<string> ToSend,
    EvaluationReason Reason);
