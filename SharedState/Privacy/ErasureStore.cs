using System.Collections.Immutable;
using System.Text.Json;
using Platform.Core;
using Platform.Core.Privacy;
using StackExchange.Redis;

namespace Platform.SharedState.Privacy;

/// <summary>Which erasures are under way since when, and the receipts of those that are done.</summary>
public sealed class ErasureStore(IConnectionMultiplexer redis)
{
    public Task OpenAsync(Guid id, DateTimeOffset at) =>
        redis.GetDatabase().SortedSetAddAsync(Keys.OpenErasures, id.ToString("n"), at.ToUnixTimeMilliseconds(), When.NotExists);

    /// <summary>Keeps the receipt for good. Again with the same changes nothing.</summary>
    public async Task CloseAsync(ErasureReceipt receipt)
    {
        await redis.GetDatabase().HashSetAsync(Keys.Erasures, receipt.Id.ToString("n"), JsonSerializer.Serialize(receipt, PlatformJson.Options), When.NotExists);
        await redis.GetDatabase().SortedSetRemoveAsync(Keys.OpenErasures, receipt.Id.ToString("n"));
    }

    public async Task<ErasureReceipt?> FindAsync(Guid id) => Parse(await redis.GetDatabase().HashGetAsync(Keys.Erasures, id.ToString("n")));

    public Task<long> CountAsync() => redis.GetDatabase().HashLengthAsync(Keys.Erasures);

    /// <summary>When the oldest that is not done was asked for.</summary>
    public async Task<DateTimeOffset?> OldestOpenAsync() =>
        await redis.GetDatabase().SortedSetRangeByRankWithScoresAsync(Keys.OpenErasures, 0, 0) is [var first]
            ? DateTimeOffset.FromUnixTimeMilliseconds((long)first.Score)
            : null;

    /// <summary>Some that are under way.</summary>
    public async Task<ImmutableArray<Guid>> ListOpenAsync(int count) =>
        [.. (await redis.GetDatabase().SortedSetRangeByRankAsync(Keys.OpenErasures, 0, count - 1)).Select(id => Guid.ParseExact((string)id!, "n"))];

    private static ErasureReceipt? Parse(RedisValue json) =>
        json.IsNull ? null : JsonSerializer.Deserialize<ErasureReceipt>((string)json!, PlatformJson.Options);
}
