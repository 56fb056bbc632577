using System.Collections.Concurrent;
using Platform.Core.Serving;
using Platform.SharedState.Statistics;

namespace Platform.Worker.Serving;

/// <summary>Counters of every version that this worker has answered for; they outlive a version's unloading.</summary>
internal sealed class WorkerStatistics : IStatisticsSource
{
    private readonly ConcurrentDictionary<(string Model, string Version), VersionCounters> counters = new();

    public VersionCounters Of(VersionId id) => counters.GetOrAdd((id.Model, id.Version), static _ => new VersionCounters());

    public IEnumerable<(string Model, string Version, InferenceCounters Counted)> Take()
    {
        foreach (var ((model, version), counter) in counters)
        {
            if (counter.Take() is { } counted) yield return (model, version, counted);
        }
    }
}
