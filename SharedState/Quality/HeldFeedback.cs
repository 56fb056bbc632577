using System.Text.Json;
using Platform.Core;
using Platform.Core.Quality;
using StackExchange.Redis;

namespace Platform.SharedState.Quality;

/// <summary>
/// Feedback that came before its prediction was written: kept for a minute, and joined by whoever writes the prediction.
/// </summary>
internal sealed class HeldFeedback(IConnectionMultiplexer redis, TimeProvider clock)
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
            var key = Keys.HeldFeedbackOf(item.RequestId);
            writes.Add(database.ListRightPushAsync(key, JsonSerializer.Serialize(item, PlatformJson.Options)));
            writes.Add(database.ListTrimAsync(key, -MaxOfRequest, -1));
            writes.Add(database.KeyExpireAsync(key, HeldFor));
            writes.Add(database.SortedSetAddAsync(Keys.HeldFeedback, item.RequestId, now.ToUnixTimeSeconds()));
        }

        await Task.WhenAll(writes);
    }

    /// <summary>What is held for any of these requests. It stays until <see cref="ForgetAsync"/>.</summary>
    public async Task<IReadOnlyList<FeedbackItem>> FindAsync(IReadOnlySet<string> requestIds)
    {
        var database = redis.GetDatabase();
        var held = (await database.SortedSetRangeByRankAsync(Keys.HeldFeedback)).Select(id => (string)id!).Where(requestIds.Contains).ToList();
        var lists = await Task.WhenAll(held.Select(id => database.ListRangeAsync(Keys.HeldFeedbackOf(id))));
        return [.. lists.SelectMany(list => list).Select(json => JsonSerializer.Deserialize<FeedbackItem>((string)json!, PlatformJson.Options)!)];
    }

    public async Task ForgetAsync(IReadOnlyCollection<string> requestIds)
    {
        var database = redis.GetDatabase();
        await database.KeyDeleteAsync([.. requestIds.Select(Keys.HeldFeedbackOf)]);
        await database.SortedSetRemoveAsync(Keys.HeldFeedback, [.. requestIds.Select(id => (RedisValue)id)]);
    }
}
