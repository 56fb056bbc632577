using Platform.Core.Measuring;

namespace Platform.SharedState.Metrics;

/// <summary>
/// What a process counted and Redis does not have yet, by second. Bounded: first the seconds of the oldest minutes are
/// added up, which loses no count, and then the oldest slots are given up.
/// </summary>
internal sealed class PendingSlots(int maxSlots)
{
    private const int Minute = (int)MetricResolution.Minute;
    private readonly Lock gate = new();
    private readonly SortedDictionary<long, Dictionary<MetricKey, MetricCounts>> seconds = [];
    private int slots;

    /// <summary>Adds what the recorder holds.</summary>
    /// <returns>How many requests had to be given up.</returns>
    public long Collect(MetricRecorder recorder)
    {
        lock (gate)
        {
            while (recorder.TryTake(out var taken)) Slot(taken.Value.Second, taken.Value.Count.Key).Add(taken.Value.Count);
            return slots > maxSlots ? Shrink() : 0;
        }
    }

    /// <summary>Takes the oldest second that is over, or null if there is none.</summary>
    public PendingSecond? TakeBefore(long second)
    {
        lock (gate)
        {
            if (seconds.Count == 0 || seconds.Keys.First() >= second) return null;
            var (oldest, series) = seconds.First();
            Remove(oldest, series);
            return new PendingSecond(oldest, series);
        }
    }

    private long Shrink()
    {
        foreach (var second in seconds.Keys.Where(second => second % Minute != 0).ToArray())
        {
            if (slots <= maxSlots) return 0;
            if (!seconds.Remove(second, out var series)) continue;
            slots -= series.Count;
            foreach (var (key, counts) in series) Slot(second - second % Minute, key).Merge(counts);
        }

        var lost = 0L;
        while (slots > maxSlots)
        {
            var (second, series) = seconds.First();
            lost += series.Values.Sum(counts => counts.Requests);
            Remove(second, series);
        }

        return lost;
    }

    private MetricCounts Slot(long second, MetricKey key)
    {
        if (!seconds.TryGetValue(second, out var series)) seconds[second] = series = [];
        if (series.TryGetValue(key, out var counts)) return counts;
        slots++;
        return series[key] = new MetricCounts();
    }

    private void Remove(long second, Dictionary<MetricKey, MetricCounts> series)
    {
        seconds.Remove(second);
        slots -= series.Count;
    }
}

/// <summary>All that was counted in one second.</summary>
internal sealed record PendingSecond(long Second, IReadOnlyDictionary<MetricKey, MetricCounts> Series);
