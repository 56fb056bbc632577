using System.Globalization;
using StackExchange.Redis;

namespace Platform.SharedState.Access;

/// <summary>When each key was last used, as Apis report it every second; of two that use one key, the later report stands.</summary>
public sealed class ApiKeyUses(IConnectionMultiplexer redis)
{
    public Task ReportAsync(IReadOnlyCollection<KeyValuePair<string, DateTimeOffset>> uses) => redis.GetDatabase().HashSetAsync(
        Keys.ApiKeysUsed,
        [.. uses.Select(use => new HashEntry(use.Key, use.Value.ToUnixTimeMilliseconds().ToString(CultureInfo.InvariantCulture)))]);

    /// <summary>The last uses of these keys, in their order; null for one that was never used.</summary>
    public async Task<IReadOnlyList<DateTimeOffset?>> ReadAsync(IEnumerable<string> ids)
    {
        var fields = ids.Select(id => (RedisValue)id).ToArray();
        if (fields.Length == 0) return [];
        var found = await redis.GetDatabase().HashGetAsync(Keys.ApiKeysUsed, fields);
        return [.. found.Select(time => time.IsNull ? (DateTimeOffset?)null : DateTimeOffset.FromUnixTimeMilliseconds((long)time))];
    }

    public Task ForgetAsync(string id) => redis.GetDatabase().HashDeleteAsync(Keys.ApiKeysUsed, id);
}
