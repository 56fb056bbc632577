using System.Collections.Immutable;

namespace Platform.Formats.Jsonl;

/// <summary>The shape that nested lists have, if all on a level are of one length and only the innermost hold values.</summary>
internal sealed class NestedShape
{
    /// <summary>By level: the length that its lists have, -1 until one has ended.</summary>
    private readonly List<long> sizes = [];

    /// <summary>By open level: what was counted in the list so far.</summary>
    private readonly List<long> counts = [];

    private int valueDepth = -1;
    private bool isIrregular;

    public int Depth => counts.Count;

    public void Clear()
    {
        sizes.Clear();
        counts.Clear();
        (valueDepth, isIrregular) = (-1, false);
    }

    public void Open()
    {
        if (Depth > 0) counts[^1]++;
        isIrregular |= valueDepth >= 0 && Depth >= valueDepth;
        counts.Add(0);
        if (sizes.Count < Depth) sizes.Add(-1);
    }

    public void Close()
    {
        var level = Depth - 1;
        isIrregular |= sizes[level] >= 0 && sizes[level] != counts[level];
        sizes[level] = counts[level];
        counts.RemoveAt(level);
    }

    public void Count()
    {
        if (Depth > 0) counts[^1]++;
        isIrregular |= valueDepth >= 0 && valueDepth != Depth;
        valueDepth = Depth;
    }

    public bool TryGet(out ImmutableArray<long> shape)
    {
        shape = [.. sizes];
        return !isIrregular && (valueDepth < 0 || valueDepth == sizes.Count);
    }
}
