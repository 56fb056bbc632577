using System.Text.Json;
using Platform.Core;
using Platform.Core.Protection;
using StackExchange.Redis;

namespace Platform.SharedState.Protection;

/// <summary>Which workers went down with a request, and which requests are not to be asked any more; the same for all Apis.</summary>
public sealed class QuarantineStore(IConnectionMultiplexer redis, TimeProvider clock)
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(1);

    /// <summary>Notes that a worker went down with it, and says how many have.</summary>
    /// <param name="keep">How long that is remembered.</param>
    public async Task<int> MarkAsync(string digest, string worker, TimeSpan keep)
    {
        var database = redis.GetDatabase();
        var until = (clock.GetUtcNow() + keep).ToUnixTimeMilliseconds();
        var batch = database.CreateBatch();
        var writes = new Task[]
        {
            batch.SetAddAsync(Keys.CrashMarks(digest), worker), batch.KeyExpireAsync(Keys.CrashMarks(digest), keep),
            batch.SortedSetAddAsync(Keys.CrashSuspects, digest, until),
        };
        var count = batch.SetLengthAsync(Keys.CrashMarks(digest));
        batch.Execute();
        await Task.WhenAll(writes).WaitAsync(Patience, clock);
        return (int)await count;
    }

    /// <summary>It was answered, so that it was another one.</summary>
    public async Task ClearAsync(string digest)
    {
        await redis.GetDatabase().KeyDeleteAsync(Keys.CrashMarks(digest));
        await redis.GetDatabase().SortedSetRemoveAsync(Keys.CrashSuspects, digest);
    }

    /// <summary>Digests of requests that a worker went down with and that were not answered since.</summary>
    public async Task<IReadOnlyCollection<string>> SuspectsAsync()
    {
        var (database, now) = (redis.GetDatabase(), clock.GetUtcNow().ToUnixTimeMilliseconds());
        await database.SortedSetRemoveRangeByScoreAsync(Keys.CrashSuspects, double.NegativeInfinity, now);
        return [.. (await database.SortedSetRangeByScoreAsync(Keys.CrashSuspects, now)).Select(digest => (string)digest!)];
    }

    public Task PutAsync(QuarantinedRequest request) =>
        redis.GetDatabase().HashSetAsync(Keys.Quarantine, request.Digest, JsonSerializer.Serialize(request, PlatformJson.Options));

    /// <summary>False when it was not there.</summary>
    public async Task<bool> LiftAsync(string digest)
    {
        await ClearAsync(digest);
        return await redis.GetDatabase().HashDeleteAsync(Keys.Quarantine, digest);
    }

    /// <summary>Those that are in force; the others are forgotten.</summary>
    public async Task<IReadOnlyList<QuarantinedRequest>> ReadAsync()
    {
        var (database, now) = (redis.GetDatabase(), clock.GetUtcNow());
        var all = await database.HashValuesAsync(Keys.Quarantine);
        var requests = all.Select(json => JsonSerializer.Deserialize<QuarantinedRequest>((string)json!, PlatformJson.Options)!).ToArray();
        var over = requests.Where(request => request.Until <= now).Select(request => (RedisValue)request.Digest).ToArray();
        if (over.Length > 0) await database.HashDeleteAsync(Keys.Quarantine, over);
        return [.. requests.Where(request => request.Until > now)];
    }
}
