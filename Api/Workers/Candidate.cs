using Platform.Core.Resilience;

namespace Platform.Api.Workers;

/// <summary>A worker that has a version ready, and how it does with it.</summary>
internal sealed class Candidate(KnownWorker worker, TimeProvider clock)
{
    private static readonly TimeSpan Oldest = TimeSpan.FromSeconds(10);
    private readonly Lock gate = new();
    private long began = clock.GetTimestamp();
    private TimeSpan total;
    private int requests;
    private int failures;
    private int ejections;
    private long ejectedUntil;

    public KnownWorker Worker => worker;

    public bool IsEjected => Volatile.Read(ref ejectedUntil) > clock.GetTimestamp();

    public bool IsTrusted => !IsEjected && worker.Guard.Allows;

    public void Count(TimeSpan elapsed, bool failed)
    {
        lock (gate)
        {
            total += elapsed;
            requests++;
            if (failed) failures++;
        }
    }

    public WorkerScore Score()
    {
        lock (gate) return new(worker.Id, requests, requests == 0 ? 0 : total.TotalMilliseconds / requests, failures, IsEjected);
    }

    /// <summary>Passes it by for a while; the longer, the more often it happened without a good spell in between.</summary>
    public TimeSpan Eject()
    {
        lock (gate)
        {
            var time = OutlierRules.EjectFor(++ejections);
            Volatile.Write(ref ejectedUntil, clock.GetTimestamp() + (long)(time.TotalSeconds * clock.TimestampFrequency));
            Forget();
            return time;
        }
    }

    /// <summary>It was looked at and found good enough.</summary>
    public void Pass()
    {
        lock (gate)
        {
            if (clock.GetElapsedTime(began) < Oldest) return;
            if (requests >= OutlierRules.MinRequests && ejections > 0 && !IsEjected) ejections--;
            Forget();
        }
    }

    private void Forget() => (total, requests, failures, began) = (default, 0, 0, clock.GetTimestamp());
}
