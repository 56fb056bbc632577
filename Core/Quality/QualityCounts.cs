namespace Platform.Core.Quality;

/// <summary>Named whole numbers that only ever add up, so that they merge over processes, routes and slots in any order.</summary>
public sealed class QualityCounts
{
    private readonly Dictionary<string, long> counters = [];

    /// <summary>What is not zero.</summary>
    public IEnumerable<KeyValuePair<string, long>> All => counters.Where(counter => counter.Value != 0);

    public bool IsEmpty => counters.Values.All(value => value == 0);

    /// <summary>0 for what was never counted.</summary>
    public long this[string name] => counters.GetValueOrDefault(name);

    public void Add(string name, long amount) => counters[name] = counters.GetValueOrDefault(name) + amount;

    public void Add(QualityCounts other)
    {
        foreach (var (name, amount) in other.counters) Add(name, amount);
    }

    public static QualityCounts Sum(IEnumerable<QualityCounts> parts)
    {
        var sum = new QualityCounts();
        foreach (var part in parts) sum.Add(part);
        return sum;
    }
}
