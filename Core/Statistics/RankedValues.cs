using System.Collections.Immutable;

namespace Platform.Core.Statistics;

/// <summary>A value and how often it came.</summary>
public readonly record struct CountedValue(double Value, long Count);

/// <summary>A sample in order, equal values together, so that a histogram with millions in it is as quick as a short list.</summary>
public sealed class RankedValues
{
    public RankedValues(IEnumerable<CountedValue> values)
    {
        Groups = [.. values.Where(group => group.Count > 0).GroupBy(group => group.Value).OrderBy(same => same.Key)
            .Select(same => new CountedValue(same.Key, same.Sum(group => group.Count)))];
        Count = Groups.Sum(group => group.Count);
    }

    public static RankedValues Of(IEnumerable<double> values) => new(values.Select(value => new CountedValue(value, 1)));

    public ImmutableArray<CountedValue> Groups { get; }

    public long Count { get; }

    /// <summary>The value below which that share of the sample lies, on a straight line between neighbours (R's type 7); null of nothing.</summary>
    public double? Percentile(double share)
    {
        if (Count == 0) return null;
        var rank = Math.Clamp(share, 0, 1) * (Count - 1);
        var (low, high) = (At((long)Math.Floor(rank)), At((long)Math.Ceiling(rank)));
        return low + ((high - low) * (rank - Math.Floor(rank)));
    }

    private double At(long rank)
    {
        foreach (var group in Groups)
        {
            if (rank < group.Count) return group.Value;
            rank -= group.Count;
        }

        return Groups[^1].Value;
    }
}
