namespace Platform.Core.Batching;

/// <summary>Those at the front of the queue that could run together.</summary>
/// <param name="Count">How many requests.</param>
/// <param name="PreferredCount">How many of them make up the largest preferred size; 0 when none does.</param>
/// <param name="Oldest">When the first of them came.</param>
/// <param name="Nearest">When the first of them expires.</param>
/// <param name="Stopped">Why there are no more of them.</param>
internal readonly record struct BatchCandidate(
    int Count, int PreferredCount, TimeSpan Oldest, TimeSpan Nearest, BatchReason Stopped)
{
    public static BatchCandidate Gather<T>(RequestLines<T> lines, QueuedRequest<T> first, int share, in BatchLimits limits)
    {
        // While more is waited for, one batch is to become large; otherwise idle executors are worth more than large batches.
        var room = Math.Max(1, limits.MaxDelay > TimeSpan.Zero ? limits.Target : Math.Min(limits.Target, share));
        var (count, size, oldest, nearest) = (1, first.Remaining, first.EnqueuedAt, first.Deadline);
        var preferredCount = limits.Prefers(size) ? 1 : 0;
        var stopped = BatchReason.QueueTaken;
        for (var next = lines.After(first); next is not null; next = lines.After(next))
        {
            if (size + (long)next.Remaining > room)
            {
                stopped = room < limits.Target ? BatchReason.QueueShared : BatchReason.TargetReached;
                break;
            }

            if (!next.Matches(first))
            {
                stopped = BatchReason.ShapeDiffers;
                break;
            }

            (count, size) = (count + 1, size + next.Remaining);
            if (next.EnqueuedAt < oldest) oldest = next.EnqueuedAt;
            if (next.Deadline < nearest) nearest = next.Deadline;
            if (limits.Prefers(size)) preferredCount = count;
        }

        // One that shares with nobody gains nothing by waiting either.
        if (first.Shape is null || size >= limits.Target) stopped = BatchReason.TargetReached;
        return new(count, preferredCount, oldest, nearest, stopped);
    }

    /// <summary>How many of them run now; 0 when it is better to wait.</summary>
    public (BatchReason Reason, int Count) Decide(TimeSpan now, in BatchLimits limits)
    {
        if (limits.MaxDelay <= TimeSpan.Zero || Stopped != BatchReason.QueueTaken) return (Stopped, Count);
        var delayEnd = Oldest + limits.MaxDelay;
        if (now >= delayEnd) return (BatchReason.DelayElapsed, Count);
        if (PreferredCount > 0) return (BatchReason.PreferredReached, PreferredCount);
        // Held back to the end of the delay it would expire here, although an executor is free.
        return Nearest <= delayEnd ? (BatchReason.DeadlineNear, Count) : (BatchReason.DelayNotElapsed, 0);
    }
}
