namespace Platform.Worker.Serving;

/// <summary>How this process stands: who it is, how busy, and whether it is on its way out.</summary>
internal sealed class WorkerState(TimeProvider clock)
{
    private int outstanding;
    private long busyTicks;
    private long lastRequest;
    private volatile bool isDraining;
    private volatile bool refusesWork;

    /// <summary>Different after every start.</summary>
    public string Id { get; } = Guid.NewGuid().ToString("n");

    public DateTimeOffset StartedAt { get; } = clock.GetUtcNow();

    /// <summary>Where Apis bring inferences; set before the first lease.</summary>
    public int FramePort { get; set; }

    /// <summary>Requests waiting or running.</summary>
    public int Outstanding => Volatile.Read(ref outstanding);

    /// <summary>Set when the process is asked to stop: Apis are told, while requests are still answered.</summary>
    public bool IsDraining
    {
        get => isDraining;
        set => isDraining = value;
    }

    /// <summary>Set when Apis have had time to hear of it.</summary>
    public bool RefusesWork
    {
        get => refusesWork;
        set => refusesWork = value;
    }

    /// <summary>Since a request last came or went; null before the first, zero while one is here.</summary>
    public TimeSpan? SinceRequest => Outstanding > 0 ? TimeSpan.Zero
        : Volatile.Read(ref lastRequest) is var last and not 0 ? clock.GetElapsedTime(last) : null;

    public void Enter()
    {
        Volatile.Write(ref lastRequest, clock.GetTimestamp());
        Interlocked.Increment(ref outstanding);
    }

    public void Leave() => Interlocked.Decrement(ref outstanding);

    public void AddBusy(TimeSpan time) => Interlocked.Add(ref busyTicks, time.Ticks);

    /// <summary>Executor time since the last call.</summary>
    public TimeSpan TakeBusy() => TimeSpan.FromTicks(Interlocked.Exchange(ref busyTicks, 0));
}
