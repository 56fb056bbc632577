using Microsoft.Extensions.Options;

namespace Platform.Worker.Serving;

/// <summary>The right to run a model: so many of these as models may run at a time in this process.</summary>
internal sealed class ExecutorSlots
{
    /// <summary>A plain monitor: batches may end after the host is gone, and must find something to give their slot back to.</summary>
    private readonly object gate = new();
    private int idle;

    public ExecutorSlots(IOptions<ServingOptions> options)
    {
        idle = options.Value.EffectiveExecutors;
        // Models run on threads of the pool. With no more of them than executors, slow models would hold up those who
        // read requests, renew the lease and answer for health, until the pool sees that it is short.
        ThreadPool.GetMinThreads(out var workers, out var completions);
        ThreadPool.SetMinThreads(Math.Max(workers, Environment.ProcessorCount + idle), completions);
    }

    /// <summary>Raised after somebody other than the queue gave one back.</summary>
    public event Action? Returned;

    public int Idle => Volatile.Read(ref idle);

    public bool TryTake()
    {
        lock (gate)
        {
            if (idle == 0) return false;
            idle--;
            return true;
        }
    }

    public void Release()
    {
        lock (gate)
        {
            idle++;
            Monitor.Pulse(gate);
        }
    }

    /// <summary>Runs something outside the queue in a slot, or without one after <paramref name="patience"/>.</summary>
    public T Run<T>(Func<T> run, TimeSpan patience)
    {
        var has = TryTakeWithin(patience);
        try
        {
            return run();
        }
        finally
        {
            if (has)
            {
                Release();
                Returned?.Invoke();
            }
        }
    }

    private bool TryTakeWithin(TimeSpan patience)
    {
        lock (gate)
        {
            if (idle == 0) Monitor.Wait(gate, patience);
            return TryTake();
        }
    }
}
