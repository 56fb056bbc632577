namespace Platform.Core.Batching;

/// <summary>
/// The requests that wait for one version, and how batches are formed of them. It knows no clock, lock or thread: the
/// caller says what time it is, and calls one at a time.
/// </summary>
public sealed class Batcher<T>
{
    /// <summary>Of the time that a request has until it must run, this much may pass in the queue: the machine may be slower then.</summary>
    private const double WaitShare = 0.75;

    private readonly RequestLines<T> lines = new();
    private readonly QueuePace pace = new();

    /// <summary>Requests of which nothing has run.</summary>
    public int Waiting { get; private set; }

    /// <summary>Items that no executor has been given.</summary>
    public long Items => lines.ItemsUpTo(PriorityLevels.Lowest);

    public bool IsEmpty => lines.Count == 0;

    /// <summary>Who is next in line.</summary>
    public QueuedRequest<T>? First => lines.First;

    public TimeSpan? NextDeadline => lines.NextDeadline;

    /// <summary>How long one of that level that comes now will wait, as far as is known.</summary>
    public TimeSpan WaitAt(int level) => pace.PerItem * lines.ItemsUpTo(level);

    /// <summary>
    /// Takes a request in if there is room, or one of lower priority that makes room. One that would expire in the queue
    /// is turned away at once: it would only have lost time, its own and others'.
    /// </summary>
    public Admission<T> Admit(QueuedRequest<T> request, int maxQueue, TimeSpan now)
    {
        if (request.Deadline <= now) return new(AdmissionReason.Expired, null);
        if (WaitAt(request.Level) > (request.Deadline - now) * WaitShare) return new(AdmissionReason.WouldExpire, null);
        QueuedRequest<T>? displaced = null;
        if (Waiting >= maxQueue)
        {
            displaced = lines.LastBelow(request.Level);
            if (displaced is null) return new(AdmissionReason.QueueFull, null);
            Remove(displaced);
        }

        lines.Add(request);
        Waiting++;
        return new(displaced is null ? AdmissionReason.Accepted : AdmissionReason.AcceptedInPlace, displaced);
    }

    /// <summary>Whether one of that level would be taken in.</summary>
    public bool HasRoom(int level, int maxQueue) => Waiting < maxQueue || lines.LastBelow(level) is not null;

    /// <summary>Takes a request, or what remains of it, out; false when nothing of it is here.</summary>
    public bool Remove(QueuedRequest<T> request)
    {
        if (!lines.Remove(request)) return false;
        Forget(request);
        return true;
    }

    /// <summary>Takes out those whose time is up.</summary>
    public IReadOnlyList<QueuedRequest<T>> Expire(TimeSpan now)
    {
        List<QueuedRequest<T>>? expired = null;
        while (lines.TryTakeExpired(now, out var request))
        {
            Forget(request);
            (expired ??= []).Add(request);
        }

        return expired ?? (IReadOnlyList<QueuedRequest<T>>)[];
    }

    /// <summary>Forms the next batch for one of <paramref name="idle"/> executors, if it is time to.</summary>
    public BatchDecision<T> Form(TimeSpan now, int idle, in BatchLimits limits)
    {
        var expired = Expire(now);
        if (lines.First is not { } first) return new(BatchReason.Empty, [], expired, null);
        if (idle <= 0) return new(BatchReason.NoIdleExecutor, [], expired, NextDeadline);
        var share = (int)Math.Min((Items + idle - 1) / idle, limits.MaxSize);
        if (first.Remaining > limits.MaxSize)
            return new(BatchReason.RequestSplit, [TakePart(first, share, now)], expired, NextDeadline);
        var candidate = BatchCandidate.Gather(lines, first, share, limits);
        var (reason, count) = candidate.Decide(now, limits);
        if (count > 0) return new(reason, TakeFirst(count, now), expired, NextDeadline);
        pace.Pause();
        return new(reason, [], expired, Earlier(candidate.Oldest + limits.MaxDelay, NextDeadline!.Value));
    }

    private BatchSlice<T>[] TakeFirst(int count, TimeSpan now)
    {
        var batch = new BatchSlice<T>[count];
        var items = 0;
        for (var i = 0; i < count; i++)
        {
            batch[i] = Take(lines.First!, lines.First!.Remaining);
            items += batch[i].Count;
        }

        pace.Took(items, !IsEmpty, now);
        return batch;
    }

    private BatchSlice<T> TakePart(QueuedRequest<T> request, int count, TimeSpan now)
    {
        var part = Take(request, count);
        pace.Took(count, !IsEmpty, now);
        return part;
    }

    private BatchSlice<T> Take(QueuedRequest<T> request, int count)
    {
        var slice = new BatchSlice<T>(request, request.Taken, count);
        if (!request.HasBegun) Waiting--;
        request.Taken += count;
        lines.Took(request, count);
        if (request.Remaining == 0) lines.Remove(request);
        return slice;
    }

    private void Forget(QueuedRequest<T> request)
    {
        if (!request.HasBegun) Waiting--;
        if (IsEmpty) pace.Pause();
    }

    private static TimeSpan Earlier(TimeSpan a, TimeSpan b) => a < b ? a : b;
}
