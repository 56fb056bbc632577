namespace Platform.Core.Batching;

/// <summary>A request as the policy sees it. Times count from any fixed moment, the same for all.</summary>
/// <param name="item">What the caller wants back.</param>
/// <param name="size">Items in it, at least 1.</param>
/// <param name="shape">Requests with equal ones may share a run; null runs alone.</param>
/// <param name="level">1 to <see cref="PriorityLevels.Lowest"/>.</param>
/// <param name="enqueuedAt">When it came.</param>
/// <param name="deadline">From then on it must not run.</param>
public sealed class QueuedRequest<T>(T item, int size, ShapeKey? shape, int level, TimeSpan enqueuedAt, TimeSpan deadline)
{
    public T Item => item;

    public int Size => size;

    public ShapeKey? Shape => shape;

    public int Level => level;

    public TimeSpan EnqueuedAt => enqueuedAt;

    public TimeSpan Deadline => deadline;

    /// <summary>Items that were given to an executor already.</summary>
    public int Taken { get; internal set; }

    public int Remaining => size - Taken;

    public bool HasBegun => Taken > 0;

    internal LinkedListNode<QueuedRequest<T>>? Node { get; set; }

    /// <summary>Tells apart those with one deadline.</summary>
    internal long Sequence { get; set; }

    internal bool Matches(QueuedRequest<T> other) => shape is not null && shape.Equals(other.Shape);
}

/// <summary>A part of a request that runs in one batch: all of it, unless it is larger than a batch may be.</summary>
public readonly record struct BatchSlice<T>(QueuedRequest<T> Request, int First, int Count);
