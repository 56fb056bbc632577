namespace Platform.Core.Measuring;

/// <summary>What became of a request, as one word of a closed set.</summary>
public enum InferenceOutcome
{
    /// <summary>Answered.</summary>
    Ok,

    /// <summary>The client's fault: malformed, too large, or inputs that the model refused.</summary>
    Invalid,

    /// <summary>The client went away before the answer.</summary>
    Cancelled,

    /// <summary>Turned away because a queue was full.</summary>
    Overloaded,

    /// <summary>No worker could take it.</summary>
    Unavailable,

    /// <summary>The model or the platform broke over it.</summary>
    Failed,

    /// <summary>No answer before the deadline.</summary>
    Timeout,
}

public static class InferenceOutcomes
{
    public static readonly int Count = Enum.GetValues<InferenceOutcome>().Length;

    public static InferenceOutcome FromStatus(int status) => status switch
    {
        >= 200 and < 400 => InferenceOutcome.Ok,
        429 => InferenceOutcome.Overloaded,
        499 => InferenceOutcome.Cancelled,
        >= 400 and < 500 => InferenceOutcome.Invalid,
        502 or 503 => InferenceOutcome.Unavailable,
        504 => InferenceOutcome.Timeout,
        _ => InferenceOutcome.Failed,
    };

    /// <summary>Whether the service failed its client. What the client did wrong, or broke off, is not held against a version.</summary>
    public static bool IsError(this InferenceOutcome outcome) =>
        outcome is InferenceOutcome.Overloaded or InferenceOutcome.Unavailable or InferenceOutcome.Failed or InferenceOutcome.Timeout;

    /// <summary>Whether its time counts as latency. Quick refusals would make a version look faster the worse it does.</summary>
    public static bool HasLatency(this InferenceOutcome outcome) =>
        outcome is InferenceOutcome.Ok or InferenceOutcome.Failed or InferenceOutcome.Timeout or InferenceOutcome.Cancelled;
}
