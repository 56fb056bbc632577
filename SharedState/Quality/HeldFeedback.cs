using System.Text.Json;
using Platform.Core;
using Platform.Core.Quality;
using Platform.SharedState.Sealing;
using StackExchange.Redis;

namespace Platform.SharedState.Quality;

/// <summary>
/// Feedback that came before its prediction was written: kept for a minute, sealed, and joined by whoever writes the
/// prediction. Nobody waits for what was held under a platform key that was rotated within that minute.
/// </summary>
internal sealed class HeldFeedback(IConnectionMultiplexer redis, DataSeal seal, TimeProvider clock)
{
    /// <summary>Predictions are written within a second; a Redis that was away may take longer.</summary>
    public static readonly TimeSpan HeldFor = TimeSpan.FromMinutes(1);

    /// <summary>Requests that feedback is held for; of any more it is not.</summary>
    public const int MaxRequests = 10_000;

    /// <summary>Pieces of feedback that are held for one request; the earlier ones go first.</summary>
    public const int MaxOfRequest = 16;

    public async Task HoldAsync(IReadOnlyCollection<FeedbackItem> items)
    {
        var database = redis.GetDatabase();
        var now = clock.GetUtcNow();
        await database.SortedSetRemoveRangeByScoreAsync(
            Keys.HeldFeedback, double.NegativeInfinity, (now - HeldFor).ToUnixTimeSeconds(), Exclude.Stop);
        var room = MaxRequests - (int)await database.SortedSetLengthAsync(Keys.HeldFeedback);
        var writes = new List<Task>();
        foreach (var item in items.Take(Math.Max(room, 0)))
        {
            var name = NameOf(item.RequestId);
            var key = Keys.HeldFeedbackOf(name);
            writes.Add(database.ListRightPushAsync(
                key, seal.Seal(SealPurposes.HeldFeedback, name, JsonSerializer.SerializeToUtf8Bytes(item, PlatformJson.Options), now)));
            writes.Add(database.ListTrimAsync(key, -MaxOfRequest, -1));
            writes.Add(database.KeyExpireAsync(key, HeldFor));
            writes.Add(database.SortedSetAddAsync(Keys.HeldFeedback, name, now.ToUnixTimeSeconds()));
        }

        await Task.WhenAll(writes);
    }

    /// <summary>What is held for any of these requests. It stays until <see cref="ForgetAsync"/>.</summary>
    public async Task<IReadOnlyList<FeedbackItem>> FindAsync(IReadOnlySet<string> requestIds)
    {
        var database = redis.GetDatabase();
        var asked = requestIds.Select(NameOf).ToHashSet();
        var held = (await database.SortedSetRangeByRankAsync(Keys.HeldFeedback)).Select(name => (string)name!).Where(asked.Contains).ToList();
        var lists = await Task.WhenAll(held.Select(name => database.ListRangeAsync(Keys.HeldFeedbackOf(name))));
        return [.. held.Zip(lists).SelectMany(pair => pair.Second.Select(box => Read(pair.First, (byte[])box!)))];
    }

    public async Task ForgetAsync(IReadOnlyCollection<string> requestIds)
    {
        var database = redis.GetDatabase();
        var names = requestIds.Select(NameOf).ToArray();
        await database.KeyDeleteAsync(Array.ConvertAll(names, Keys.HeldFeedbackOf));
        await database.SortedSetRemoveAsync(Keys.HeldFeedback, Array.ConvertAll(names, name => (RedisValue)name));
    }

    private string NameOf(string requestId) => seal.NameOf(SealPurposes.HeldFeedback, requestId);

    private FeedbackItem Read(string name, byte[] box) =>
        JsonSerializer.Deserialize<FeedbackItem>(seal.Open(SealPurposes.HeldFeedback, name, box), PlatformJson.Options)!;
}
