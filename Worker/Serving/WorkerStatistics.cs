using System.Collections.Concurrent;

namespace Platform.Worker.Serving;

/// <summary>Counters of every version that this worker has answered for; they outlive a version's unloading.</summary>
internal sealed class WorkerStatistics
{
    private readonly ConcurrentDictionary<(string Model, string Version), VersionCounters> counters = new();

    public IEnumerable<KeyValuePair<(string Model, string Version), VersionCounters>> All => counters;

    public VersionCounters Of(VersionId id) => counters.GetOrAdd((id.Model, id.Version), static _ => new VersionCounters());
}
