namespace Platform.Worker.Inference.Batching;

/// <summary>One timer for the next moment at which time alone changes what is to be done.</summary>
internal sealed class WakeUp : IDisposable
{
    private readonly ITimer timer;
    private TimeSpan? next;

    public WakeUp(TimeProvider clock, Action wake) =>
        timer = clock.CreateTimer(_ => wake(), null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);

    /// <summary>Wakes at that moment or before; nothing is done when it would anyway. One caller at a time.</summary>
    public void At(TimeSpan? moment, TimeSpan now)
    {
        if (moment is not { } at || next <= at) return;
        next = at;
        // Rounded up, since timers count milliseconds and one that comes early finds nothing to do.
        timer.Change(TimeSpan.FromMilliseconds(Math.Max(1, Math.Ceiling((at - now).TotalMilliseconds))), Timeout.InfiniteTimeSpan);
    }

    /// <summary>It woke; what comes next must be said again.</summary>
    public void Clear() => next = null;

    public void Dispose() => timer.Dispose();
}
