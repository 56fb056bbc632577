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
}
