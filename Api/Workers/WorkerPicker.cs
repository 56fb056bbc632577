using System.Collections.Concurrent;
using System.Collections.Immutable;
using System.Net;
using Platform.Core.Routing;
using Platform.Core.Serving;
using Platform.SharedState.Workers;

namespace Platform.Api.Workers;

/// <summary>
/// Which worker gets a request: among those that have the version ready, the less busy of two at random. One whose
/// connection just failed is passed over for a moment while there is another.
/// </summary>
internal sealed class WorkerPicker
{
    private static readonly TimeSpan SuspectFor = TimeSpan.FromSeconds(1);
    private readonly ConcurrentDictionary<string, State> states = new();
    private readonly WorkerDirectory directory;
    private readonly TimeProvider clock;

    public WorkerPicker(WorkerDirectory directory, TimeProvider clock)
    {
        (this.directory, this.clock) = (directory, clock);
        // Workers come back under new ids, so restarts would add up here.
        directory.Changed += ForgetGone;
    }

    /// <summary>A worker for the version other than those tried, or null. Dispose of the pick when the answer is there.</summary>
    public Pick? TryPick(string model, PlacedVersion version, ImmutableArray<string> tried)
    {
        var ready = directory.Workers
            .Where(worker => !tried.Contains(worker.Id) && worker.IsReady(model, version.Version, version.Artifact.Sha256))
            .Select(worker => (Worker: worker, State: states.GetOrAdd(worker.Id, static (_, found) => new State(EndPointOf(found)), worker)))
            .ToArray();
        var trusted = Array.FindAll(ready, candidate => candidate.State.SuspectUntil <= clock.GetTimestamp());
        var candidates = trusted.Length > 0 ? trusted : ready;
        if (candidates.Length == 0) return null;
        var outstanding = Array.ConvertAll(candidates, candidate => candidate.State.Outstanding);
        var chosen = candidates[TwoChoices.Pick(outstanding, Random.Shared.NextDouble(), Random.Shared.NextDouble())];
        return new Pick(clock, chosen.Worker, chosen.State);
    }

    private static EndPoint EndPointOf(WorkerLease worker) => IPAddress.TryParse(worker.Address.Host.Trim('[', ']'), out var ip)
        ? new IPEndPoint(ip, worker.FramePort)
        : new DnsEndPoint(worker.Address.Host, worker.FramePort);

    private void ForgetGone()
    {
        var alive = directory.Workers.Select(worker => worker.Id).ToHashSet();
        foreach (var id in states.Keys.Where(id => !alive.Contains(id))) states.TryRemove(id, out _);
    }

    /// <summary>A worker that is being asked; counts as outstanding until disposed of.</summary>
    internal readonly struct Pick : IDisposable
    {
        private readonly TimeProvider clock;
        private readonly State state;

        internal Pick(TimeProvider clock, WorkerLease worker, State state)
        {
            (this.clock, Worker, this.state) = (clock, worker, state);
            Interlocked.Increment(ref state.OutstandingCount);
        }

        public WorkerLease Worker { get; }

        /// <summary>Where it takes inferences.</summary>
        public EndPoint Address => state.Address;

        /// <summary>Its connection failed.</summary>
        public void Suspect() => Volatile.Write(
            ref state.SuspectUntilTimestamp, clock.GetTimestamp() + (long)(SuspectFor.TotalSeconds * clock.TimestampFrequency));

        public void Dispose() => Interlocked.Decrement(ref state.OutstandingCount);
    }

    internal sealed class State(EndPoint address)
    {
        public int OutstandingCount;
        public long SuspectUntilTimestamp;

        public EndPoint Address => address;

        public int Outstanding => Volatile.Read(ref OutstandingCount);

        public long SuspectUntil => Volatile.Read(ref SuspectUntilTimestamp);
    }
}
