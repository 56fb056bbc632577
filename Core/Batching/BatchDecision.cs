namespace Platform.Core.Batching;

/// <summary>Why a batch was formed, or why none was.</summary>
public enum BatchReason
{
    Empty,
    NoIdleExecutor,
    DelayNotElapsed,

    /// <summary>All that is queued goes.</summary>
    QueueTaken,

    /// <summary>A share goes, since other executors are idle as well.</summary>
    QueueShared,
    TargetReached,
    PreferredReached,

    /// <summary>The next in line has other shapes, so waiting would not help.</summary>
    ShapeDiffers,
    DelayElapsed,

    /// <summary>One of them would expire before the delay ends.</summary>
    DeadlineNear,

    /// <summary>A part of a request that is larger than a batch may be.</summary>
    RequestSplit,
}

/// <param name="Batch">What runs now, together; empty when nothing does.</param>
/// <param name="Expired">Taken out because their time was up; they must be answered and never run.</param>
/// <param name="NextWake">When to decide again even if nothing happens; null when only an event can change anything.</param>
public readonly record struct BatchDecision<T>(
    BatchReason Reason, IReadOnlyList<BatchSlice<T>> Batch, IReadOnlyList<QueuedRequest<T>> Expired, TimeSpan? NextWake);

/// <summary>Whether a request may wait.</summary>
public enum AdmissionReason
{
    Accepted,

    /// <summary>The queue was full, and one of lower priority gave its place.</summary>
    AcceptedInPlace,
    QueueFull,
    Expired,

    /// <summary>What waits before it takes longer than it has time.</summary>
    WouldExpire,
}

/// <param name="Displaced">The one that gave its place and must be refused; null unless the reason says so.</param>
public readonly record struct Admission<T>(AdmissionReason Reason, QueuedRequest<T>? Displaced)
{
    public bool IsAccepted => Reason is AdmissionReason.Accepted or AdmissionReason.AcceptedInPlace;
}
