using System.Collections.Immutable;
using System.Globalization;
using Platform.Core.Protection;
using StackExchange.Redis;

namespace Platform.SharedState.Protection;

/// <summary>Findings by version, minute and reason, of all processes, for two days.</summary>
public sealed class FindingStore(IConnectionMultiplexer redis, TimeProvider clock)
{
    private const long MinuteSeconds = 60;
    private const long HourSeconds = 3_600;
    public static readonly TimeSpan Retention = TimeSpan.FromHours(48);

    /// <summary>Findings in the time before now, by reason; those that nothing was found of are not there. To the minute.</summary>
    public async Task<ImmutableSortedDictionary<string, long>> ReadAsync(string model, string version, TimeSpan window)
    {
        var now = clock.GetUtcNow().ToUnixTimeSeconds();
        var from = (now - (long)window.TotalSeconds) / MinuteSeconds;
        var hours = Enumerable.Range(0, (int)((now / HourSeconds) - (from * MinuteSeconds / HourSeconds)) + 1).Select(back => (now / HourSeconds) - back);
        var parts = await Task.WhenAll(hours.Select(hour => redis.GetDatabase().HashGetAllAsync(Keys.ProtectionHour(model, version, hour))));
        return parts.SelectMany(part => part).Select(entry => (Name: ((string)entry.Name!).Split('|'), Count: (long)entry.Value))
            .Where(entry => long.Parse(entry.Name[0], CultureInfo.InvariantCulture) >= from)
            .GroupBy(entry => entry.Name[1], entry => entry.Count, StringComparer.Ordinal)
            .ToImmutableSortedDictionary(reason => reason.Key, reason => reason.Sum(), StringComparer.Ordinal);
    }

    internal async Task AddAsync(IEnumerable<KeyValuePair<FindingKey, long>> counts)
    {
        var now = clock.GetUtcNow().ToUnixTimeSeconds();
        var batch = redis.GetDatabase().CreateBatch();
        var writes = new List<Task>();
        foreach (var (key, count) in counts)
        {
            var hour = Keys.ProtectionHour(key.Model, key.Version, now / HourSeconds);
            writes.Add(batch.HashIncrementAsync(hour, $"{(now / MinuteSeconds).ToString(CultureInfo.InvariantCulture)}|{key.Reason.ToName()}", count));
            writes.Add(batch.KeyExpireAsync(hour, Retention + TimeSpan.FromHours(1)));
        }

        batch.Execute();
        await Task.WhenAll(writes);
    }
}
