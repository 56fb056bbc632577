namespace Platform.Core.Sketches;

/// <summary>
/// Counts by key, in one array from the lowest key to the highest. When the keys span more than allowed, the lowest ones
/// become one; what is left does not depend on the order in which the counts came.
/// </summary>
internal sealed class BinStore(int maxBins)
{
    private const int Grain = 32;
    private long[] counts = [];
    private int offset;
    private int min;
    private int max;

    public long Total { get; private set; }

    public void Add(int key, long count)
    {
        if (count == 0) return;
        var (low, high) = Total == 0 ? (key, key) : (Math.Min(min, key), Math.Max(max, key));
        var floor = (int)Math.Max(low, (long)high - maxBins + 1);
        if (Total == 0) Rebase(floor, high);
        else if (min < floor) Collapse(floor, high);
        Cover(floor, high);
        counts[Math.Max(key, floor) - offset] += count;
        (min, max) = (floor, high);
        Total += count;
    }

    public void Add(BinStore other)
    {
        if (other.Total == 0) return;
        if (!TryWiden(other.min, other.max))
        {
            foreach (var (key, count) in other.Ascending()) Add(key, count);
            return;
        }

        var own = counts.AsSpan(other.min - offset);
        var theirs = other.counts.AsSpan(other.min - other.offset, other.max - other.min + 1);
        for (var i = 0; i < theirs.Length; i++) own[i] += theirs[i];
        Total += other.Total;
    }

    /// <summary>Adds many at once, which takes a fraction of the time: room is made for all of them.</summary>
    /// <param name="keys">Ascending.</param>
    public void Add(ReadOnlySpan<int> keys, ReadOnlySpan<long> added)
    {
        if (keys.IsEmpty) return;
        var fits = keys[0] <= keys[^1] && TryWiden(keys[0], keys[^1]);
        for (var i = 0; i < keys.Length; i++)
        {
            if (fits && keys[i] >= min && keys[i] <= max)
            {
                counts[keys[i] - offset] += added[i];
                Total += added[i];
            }
            else
            {
                Add(keys[i], added[i]);
            }
        }
    }

    public IEnumerable<(int Key, long Count)> Ascending()
    {
        if (Total == 0) yield break;
        for (var key = min; key <= max; key++)
        {
            if (counts[key - offset] is not 0 and var count) yield return (key, count);
        }
    }

    public IEnumerable<(int Key, long Count)> Descending()
    {
        if (Total == 0) yield break;
        for (var key = max; key >= min; key--)
        {
            if (counts[key - offset] is not 0 and var count) yield return (key, count);
        }
    }

    /// <summary>The key of the one that has so many before it in ascending order.</summary>
    public int KeyAt(long rank)
    {
        var key = min;
        for (var below = counts[key - offset]; below <= rank; below += counts[key - offset]) key++;
        return key;
    }

    /// <summary>How many have a higher key.</summary>
    public long Above(int key)
    {
        if (Total == 0) return 0;
        var above = 0L;
        for (var i = max; i > key && i >= min; i--) above += counts[i - offset];
        return above;
    }

    /// <summary>Makes room from one key to another; false, and nothing done, where they and what is there span more than allowed.</summary>
    private bool TryWiden(int from, int to)
    {
        var (low, high) = Total == 0 ? (from, to) : (Math.Min(min, from), Math.Max(max, to));
        if ((long)high - low >= maxBins) return false;
        if (Total == 0) Rebase(low, high);
        else Cover(low, high);
        (min, max) = (low, high);
        return true;
    }

    private void Collapse(int floor, int high)
    {
        var below = 0L;
        for (var key = min; key < floor && key <= max; key++)
        {
            below += counts[key - offset];
            counts[key - offset] = 0;
        }

        // Where even the highest one is below, the array has to move before it can hold the sum.
        if (max < floor) Rebase(floor, high);
        (min, max) = (floor, Math.Max(max, floor));
        Cover(floor, max);
        counts[floor - offset] += below;
    }

    private void Rebase(int low, int high)
    {
        offset = low;
        counts = new long[high - low + Grain];
    }

    private void Cover(int low, int high)
    {
        if (low >= offset && high - offset < counts.Length) return;
        // By half of what is needed on both sides, so that keys that come in order are not copied at each of them.
        var spare = Math.Max(Grain, (high - low) / 2);
        var from = low - spare;
        var wider = new long[high - from + 1 + spare];
        if (Total > 0) Array.Copy(counts, min - offset, wider, min - from, max - min + 1);
        (counts, offset) = (wider, from);
    }
}
