using System.Runtime.CompilerServices;
using Platform.Core.Batching;
using Platform.Worker.Inference.Codec;
using Platform.Worker.Serving;

namespace Platform.Worker.Inference.Batching;

/// <summary>Where a request stands that came to the line: it waits, it is refused, or, with neither, its caller has a slot and runs it.</summary>
internal readonly record struct Entry(PendingRequest? Pending, RequestException? Refusal);

/// <summary>
/// Everyone who waits for an executor, by version. It asks the policy what to run, hands that to threads of the pool,
/// and tells those whose time is up. All of it under one lock, which is never held while a model runs.
/// </summary>
internal sealed class WaitingLine : IDisposable
{
    private readonly Lock gate = new();
    private readonly ConditionalWeakTable<ServedVersion, VersionQueue> queues = [];
    private readonly List<VersionQueue> active = [];
    private readonly ExecutorSlots slots;
    private readonly ModelRunner runner;
    private readonly TimeProvider clock;
    private readonly WakeUp wakeUp;

    public WaitingLine(ExecutorSlots slots, ModelRunner runner, TimeProvider clock)
    {
        (this.slots, this.runner, this.clock) = (slots, runner, clock);
        wakeUp = new WakeUp(clock, Wake);
        slots.Returned += Dispatch;
    }

    private TimeSpan Now => clock.GetElapsedTime(0);

    /// <summary>A refusal is given and not thrown: under overload it is what happens most, and must cost the least.</summary>
    public Entry Enter(ServedVersion version, InferRequest request, long admitted, TimeSpan timeout, TimeSpan deadline)
    {
        lock (gate)
        {
            var queue = QueueOf(version);
            if (queue.RunsAtOnce(request) && version.CanRun && slots.TryTake())
            {
                version.BeginRun();
                return default;
            }

            var pending = new PendingRequest(request, admitted, timeout, clock);
            var now = clock.GetElapsedTime(0, admitted);
            var admission = queue.Admit(pending, now, deadline);
            if (!admission.IsAccepted) return new(null, Refuse(admission.Reason, queue, pending, timeout));
            admission.Displaced?.Item.GiveUp(Refusals.QueueFull(version));
            if (!active.Contains(queue)) active.Add(queue);
            wakeUp.At(deadline, now);
            if (slots.Idle > 0) Dispatch();
            return new(pending, null);
        }
    }

    public bool IsFull(ServedVersion version)
    {
        lock (gate) return !QueueOf(version).Batcher.HasRoom(PriorityLevels.Highest, version.Limits.MaxQueue);
    }

    /// <summary>Whoever sent it has gone; what has not begun of it never will.</summary>
    public void Leave(ServedVersion version, PendingRequest pending, Exception reason)
    {
        lock (gate) QueueOf(version).Remove(pending);
        pending.GiveUp(reason);
    }

    /// <summary>Puts idle executors to work.</summary>
    public void Dispatch()
    {
        lock (gate)
        {
            while (TakeNext() is { } run) ThreadPool.UnsafeQueueUserWorkItem(Work, run, preferLocal: false);
        }
    }

    public void Dispose()
    {
        slots.Returned -= Dispatch;
        wakeUp.Dispose();
    }

    private VersionQueue QueueOf(ServedVersion version) => queues.GetValue(version, static version => new VersionQueue(version));

    /// <summary>An executor: one batch after another while there is work, then it gives its slot back.</summary>
    private void Work(BatchRun run)
    {
        for (BatchRun? next = run; next is not null; next = After(next)) next.Execute();
    }

    private BatchRun? After(BatchRun done)
    {
        lock (gate)
        {
            // A request of which a part failed has nothing to wait for.
            foreach (var slice in done.Slices)
            {
                if (slice.Request.Item.HasFailed) QueueOf(done.Version).Remove(slice.Request.Item);
            }

            done.Version.EndRun();
            slots.Release();
            return TakeNext();
        }
    }

    /// <summary>The next batch and a slot for it, of the version whose turn it is; null when there is none.</summary>
    private BatchRun? TakeNext()
    {
        if (active.Count == 0) return null;
        if (active.Count > 1) active.Sort(static (a, b) => Order(a).CompareTo(Order(b)));
        var now = Now;
        BatchRun? run = null;
        foreach (var queue in active)
        {
            if (!queue.Version.CanRun) continue;
            var idle = slots.Idle;
            if (!slots.TryTake()) break;
            var decision = queue.Form(now, queue.Version.Model.Threads == 1 ? Math.Max(idle, 1) : 1);
            GiveUp(decision.Expired);
            if (decision.Batch.Count > 0)
            {
                run = new BatchRun(queue.Version, decision.Batch, runner, clock);
                queue.Version.BeginRun();
                break;
            }

            slots.Release();
            wakeUp.At(decision.NextWake, now);
        }

        active.RemoveAll(static queue => queue.Batcher.IsEmpty);
        return run;
    }

    private void Wake()
    {
        lock (gate)
        {
            var now = Now;
            wakeUp.Clear();
            foreach (var queue in active)
            {
                GiveUp(queue.Expire(now));
                wakeUp.At(queue.Batcher.NextDeadline, now);
            }

            Dispatch();
        }
    }

    private static RequestException Refuse(AdmissionReason reason, VersionQueue queue, PendingRequest pending, TimeSpan timeout) => reason switch
    {
        AdmissionReason.Expired => Refusals.Expired(timeout),
        AdmissionReason.WouldExpire => Refusals.WouldExpire(queue.Version, queue.Batcher.WaitAt(pending.Place.Level), timeout),
        _ => Refusals.QueueFull(queue.Version),
    };

    private static void GiveUp(IReadOnlyList<QueuedRequest<PendingRequest>> expired)
    {
        foreach (var request in expired) request.Item.GiveUp(Refusals.Expired(request.Item.Timeout));
    }

    /// <summary>Among equals the version with fewer runs under way goes first, so that a flood of one does not starve the others.</summary>
    private static (int Level, int Running, TimeSpan Since) Order(VersionQueue queue) =>
        queue.Batcher.First is { } first ? (first.Level, queue.Version.Running, first.EnqueuedAt) : (int.MaxValue, 0, default);
}
