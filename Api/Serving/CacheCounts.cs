using System.Collections.Concurrent;
using System.Collections.Immutable;
using Platform.Core.Serving;
using Platform.SharedState.Statistics;

namespace Platform.Api.Serving;

/// <summary>Requests that a remembered answer was looked for, by version, as V2's statistics count them.</summary>
internal sealed class CacheCounts(TimeProvider clock) : IStatisticsSource
{
    private readonly ConcurrentDictionary<(string Model, string Version), Counts> counted = new();

    /// <summary>A request that got a remembered answer, which V2 counts among the successful ones, too.</summary>
    public void Hit(Question question, TimeSpan elapsed) => Add(question, new(Of(elapsed), default, clock.GetUtcNow()));

    /// <param name="looked">How long it took to find nothing.</param>
    public void Miss(Question question, TimeSpan looked) => Add(question, new(default, Of(looked), null));

    public IEnumerable<(string Model, string Version, InferenceCounters Counted)> Take()
    {
        foreach (var version in counted.Keys)
        {
            if (!counted.TryRemove(version, out var counts)) continue;
            var steps = ImmutableDictionary<CountedStep, CountedTime>.Empty.Add(CountedStep.CacheHit, counts.Hits).Add(CountedStep.CacheMiss, counts.Misses);
            yield return (version.Model, version.Version, InferenceCounters.None with { LastInference = counts.Last, Steps = steps.Add(CountedStep.Success, counts.Hits) });
        }
    }

    private void Add(Question question, Counts one) => counted.AddOrUpdate(
        (question.Model, question.Version.Version), static (_, one) => one,
        static (_, all, one) => new(all.Hits + one.Hits, all.Misses + one.Misses, one.Last ?? all.Last), one);

    private static CountedTime Of(TimeSpan elapsed) => new(1, elapsed.Ticks * TimeSpan.NanosecondsPerTick);

    private readonly record struct Counts(CountedTime Hits, CountedTime Misses, DateTimeOffset? Last);
}
