using System.Net;
using Platform.Core.Resilience;
using Platform.Core.Serving;

namespace Platform.Api.Workers;

/// <summary>What this Api knows of a worker, whichever versions it asks it for.</summary>
internal sealed class KnownWorker(WorkerLease lease, TimeProvider clock)
{
    private int outstanding;

    public string Id => lease.Id;

    /// <summary>Where it takes inferences.</summary>
    public EndPoint Address { get; } = IPAddress.TryParse(lease.Address.Host.Trim('[', ']'), out var ip)
        ? new IPEndPoint(ip, lease.FramePort)
        : new DnsEndPoint(lease.Address.Host, lease.FramePort);

    public Guard Guard { get; } = new(BreakerPolicy.Worker, clock);

    public int Outstanding => Volatile.Read(ref outstanding);

    public void Begin() => Interlocked.Increment(ref outstanding);

    public void End() => Interlocked.Decrement(ref outstanding);
}
