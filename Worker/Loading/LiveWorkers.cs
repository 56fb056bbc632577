using System.Collections.Immutable;
using Platform.Core.Serving;

namespace Platform.Worker.Loading;

/// <summary>
/// Who counts when versions are placed. A worker that vanishes from the list counts for a moment longer: when Redis
/// comes back empty-handed all leases have run out at once, and nobody should load everything for that.
/// </summary>
internal sealed class LiveWorkers(TimeSpan grace)
{
    private readonly Dictionary<string, (WorkerLease Lease, DateTimeOffset SeenAt)> known = [];

    public ImmutableArray<WorkerLease> See(IEnumerable<WorkerLease> listed, DateTimeOffset now)
    {
        foreach (var worker in listed) known[worker.Id] = (worker, now);
        foreach (var (id, (lease, seenAt)) in known)
        {
            // One that said good-bye is gone when its lease is.
            if (now - seenAt > grace || (lease.Draining && seenAt != now)) known.Remove(id);
        }

        return [.. known.Values.Select(entry => entry.Lease).OrderBy(lease => lease.Id, StringComparer.Ordinal)];
    }
}
