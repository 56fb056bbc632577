using System.Collections.Concurrent;
using Platform.Core.Protection;

namespace Platform.SharedState.Protection;

/// <summary>What is counted apart.</summary>
public readonly record struct FindingKey(string Model, string Version, ProtectionReason Reason);

/// <summary>Findings of this process that have not been written yet.</summary>
public sealed class FindingCounts
{
    private ConcurrentDictionary<FindingKey, long> counts = new();

    public void Add(string model, string version, ProtectionReason reason) =>
        Volatile.Read(ref counts).AddOrUpdate(new(model, version, reason), 1, static (_, count) => count + 1);

    internal void Add(IEnumerable<KeyValuePair<FindingKey, long>> back)
    {
        foreach (var (key, count) in back) counts.AddOrUpdate(key, count, (_, known) => known + count);
    }

    /// <summary>All that was counted since the last call.</summary>
    internal IReadOnlyCollection<KeyValuePair<FindingKey, long>> Take() =>
        counts.IsEmpty ? [] : [.. Interlocked.Exchange(ref counts, new())];
}
