using Platform.Core.Measuring;

namespace Platform.SharedState.Metrics;

/// <summary>Cuts what is pending into flushes of a bounded size. A flush stays the current one until Redis has said that it has it.</summary>
internal sealed class FlushBatches(PendingSlots pending, int maxBytes)
{
    private readonly Queue<FlushedSlot> waiting = new();
    private long number;

    public Flush? Current { get; private set; }

    /// <summary>The flush to be sent: the one that was not acknowledged, or one of slots that began before the second; null if there is nothing.</summary>
    public Flush? Next(long before)
    {
        if (Current is not null) return Current;
        var slots = new List<FlushedSlot>();
        var bytes = 0;
        while (bytes < maxBytes)
        {
            if (waiting.Count == 0 && !Refill(before)) break;
            var slot = waiting.Dequeue();
            slots.Add(slot);
            bytes += slot.Counts.Length;
        }

        return Current = slots.Count == 0 ? null : new Flush(++number, slots);
    }

    public void Acknowledge() => Current = null;

    private bool Refill(long before)
    {
        if (pending.TakeBefore(before) is not { } taken) return false;
        foreach (var version in taken.Series.GroupBy(series => (series.Key.Model, series.Key.Version)))
        {
            var counts = PackedSlot.Write(version.ToDictionary(series => (series.Key.Source, series.Key.Route), series => series.Value));
            waiting.Enqueue(new FlushedSlot(version.Key.Model, version.Key.Version, taken.Second, counts));
        }

        return true;
    }
}
