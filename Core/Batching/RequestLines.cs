using System.Diagnostics.CodeAnalysis;

namespace Platform.Core.Batching;

/// <summary>A line for each priority, first come first served in it, and all of them by deadline.</summary>
internal sealed class RequestLines<T>
{
    private static readonly Comparer<QueuedRequest<T>> ByDeadline = Comparer<QueuedRequest<T>>.Create((a, b) =>
        a.Deadline != b.Deadline ? a.Deadline.CompareTo(b.Deadline) : a.Sequence.CompareTo(b.Sequence));

    private readonly LinkedList<QueuedRequest<T>>[] lines =
        [.. Enumerable.Range(0, PriorityLevels.Lowest + 1).Select(_ => new LinkedList<QueuedRequest<T>>())];

    private readonly SortedSet<QueuedRequest<T>> deadlines = new(ByDeadline);
    private readonly long[] items = new long[PriorityLevels.Lowest + 1];
    private long sequence;

    public int Count => deadlines.Count;

    public TimeSpan? NextDeadline => deadlines.Min?.Deadline;

    public QueuedRequest<T>? First
    {
        get
        {
            foreach (var line in lines)
            {
                if (line.First is { } node) return node.Value;
            }

            return null;
        }
    }

    /// <summary>Items that no executor has been given, of that level and of those before it.</summary>
    public long ItemsUpTo(int level)
    {
        var sum = 0L;
        for (var i = 0; i <= level; i++) sum += items[i];
        return sum;
    }

    /// <summary>So many items of it were given to an executor.</summary>
    public void Took(QueuedRequest<T> request, int count) => items[request.Level] -= count;

    public void Add(QueuedRequest<T> request)
    {
        items[request.Level] += request.Remaining;
        request.Sequence = sequence++;
        request.Node = lines[request.Level].AddLast(request);
        deadlines.Add(request);
    }

    public bool Remove(QueuedRequest<T> request)
    {
        if (request.Node is not { } node) return false;
        lines[request.Level].Remove(node);
        items[request.Level] -= request.Remaining;
        deadlines.Remove(request);
        request.Node = null;
        return true;
    }

    /// <summary>The one after <paramref name="request"/>, in its own line or in one of lower priority.</summary>
    public QueuedRequest<T>? After(QueuedRequest<T> request)
    {
        if (request.Node!.Next is { } next) return next.Value;
        for (var level = request.Level + 1; level < lines.Length; level++)
        {
            if (lines[level].First is { } node) return node.Value;
        }

        return null;
    }

    /// <summary>Who loses his place to one of <paramref name="level"/>: the last of the lowest priority below it.</summary>
    public QueuedRequest<T>? LastBelow(int level)
    {
        for (var lower = lines.Length - 1; lower > level; lower--)
        {
            if (lines[lower].Last is { Value.HasBegun: false } node) return node.Value;
        }

        return null;
    }

    public bool TryTakeExpired(TimeSpan now, [NotNullWhen(true)] out QueuedRequest<T>? expired)
    {
        expired = deadlines.Min;
        return expired is not null && expired.Deadline <= now && Remove(expired);
    }
}
