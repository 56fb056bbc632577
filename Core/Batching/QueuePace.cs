namespace Platform.Core.Batching;

/// <summary>
/// How fast a queue empties, learnt while somebody waits in it: the time from one batch taken to the next, all executors
/// together, by their items.
/// </summary>
public sealed class QueuePace
{
    /// <summary>The last so many intervals count, about.</summary>
    private const int Memory = 16;

    /// <summary>Fewer say nothing.</summary>
    private const int Least = 8;

    /// <summary>An interval this many times as long as usual was a pause of the machine, and counts as no longer than that.</summary>
    private const double Outlier = 4;

    private double intervalMs;
    private double items;
    private int intervals;
    private TimeSpan? last;

    /// <summary>Time an item; zero as long as nothing is known.</summary>
    public TimeSpan PerItem => intervals < Least ? TimeSpan.Zero : TimeSpan.FromMilliseconds(intervalMs / items);

    /// <param name="count">Items that were taken out together.</param>
    /// <param name="othersWait">Whether any are left; an empty queue would say how fast requests come, not how fast they go.</param>
    public void Took(int count, bool othersWait, TimeSpan now)
    {
        if (last is { } before) Learn((now - before).TotalMilliseconds, count);
        last = othersWait ? now : null;
    }

    /// <summary>Nobody waits any more, or those who do wait for others to come and not for an executor.</summary>
    public void Pause() => last = null;

    private void Learn(double elapsedMs, int count)
    {
        if (intervals < Memory) intervals++;
        var usual = intervals > Least ? Math.Min(elapsedMs, intervalMs * Outlier) : elapsedMs;
        intervalMs += (usual - intervalMs) / intervals;
        items += (count - items) / intervals;
    }
}
