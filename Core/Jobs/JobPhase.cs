namespace Platform.Core.Jobs;

/// <summary>How far a job is. The last three are final.</summary>
public enum JobPhase
{
    /// <summary>Its rows have not all been uploaded.</summary>
    AwaitingInput,

    /// <summary>Its input is complete; its version is not fixed yet.</summary>
    Queued,
    Running,
    Succeeded,
    Failed,
    Cancelled,
}

/// <summary>What a job waits for, or what ended it.</summary>
public enum JobReason
{
    InputPending,
    VersionPending,
    RowsPending,
    OutputPending,
    Completed,
    CancelledByUser,

    /// <summary>The upload did not end within the time that is given for it.</summary>
    InputNotSent,

    /// <summary>The version that it asks for cannot be run.</summary>
    VersionUnusable,

    /// <summary>The input as a whole cannot be read.</summary>
    InputInvalid,
    TooManyFailedRows,

    /// <summary>Reading the input, writing the output, or too many shards ended the workers that tried.</summary>
    WorkersLost,
}
