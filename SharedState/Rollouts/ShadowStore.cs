using Platform.Core.Rollouts;
using StackExchange.Redis;

namespace Platform.SharedState.Rollouts;

/// <summary>How mirrored answers compared, second by second, added up over all Apis.</summary>
public sealed class ShadowStore(IConnectionMultiplexer redis)
{
    private static readonly TimeSpan Lifetime = TimeSpan.FromMinutes(20);

    // A maximum cannot be added up; the greater one is kept, in one round trip with the rest.
    private const string Add =
        """
        redis.call('HINCRBY', KEYS[1], 'compared', ARGV[1])
        redis.call('HINCRBY', KEYS[1], 'agreed', ARGV[2])
        redis.call('HINCRBY', KEYS[1], 'dropped', ARGV[3])
        redis.call('HINCRBY', KEYS[1], 'numbers', ARGV[4])
        redis.call('HINCRBYFLOAT', KEYS[1], 'sum', ARGV[5])
        local known = redis.call('HGET', KEYS[1], 'max')
        if not known or tonumber(known) < tonumber(ARGV[6]) then redis.call('HSET', KEYS[1], 'max', ARGV[6]) end
        redis.call('EXPIRE', KEYS[1], ARGV[7])
        return 1
        """;

    public Task AddAsync(string model, string version, long second, ShadowFigures figures) => redis.GetDatabase().ScriptEvaluateAsync(
        Add,
        [Keys.ShadowSecond(model, version, second)],
        [figures.Compared, figures.Agreed, figures.Dropped, figures.Numbers, figures.SumAbsoluteDifference, figures.MaxAbsoluteDifference, (long)Lifetime.TotalSeconds]);

    /// <summary>The seconds from <paramref name="from"/> to before <paramref name="to"/>, one entry each.</summary>
    public async Task<IReadOnlyList<ShadowFigures>> ReadAsync(string model, string version, long from, long to)
    {
        var database = redis.GetDatabase();
        var reads = new List<Task<HashEntry[]>>();
        for (var second = from; second < to; second++) reads.Add(database.HashGetAllAsync(Keys.ShadowSecond(model, version, second)));
        return [.. (await Task.WhenAll(reads)).Select(Parse)];
    }

    private static ShadowFigures Parse(HashEntry[] entries)
    {
        var fields = entries.ToDictionary(entry => (string)entry.Name!, entry => entry.Value);
        return new(Count("compared"), Count("agreed"), Count("dropped"), Count("numbers"), Number("sum"), Number("max"));

        long Count(string name) => fields.TryGetValue(name, out var value) ? (long)value : 0;
        double Number(string name) => fields.TryGetValue(name, out var value) ? (double)value : 0;
    }
}
