using System.Globalization;
using Platform.Core.Limits;
using Platform.SharedState.Sealing;
using StackExchange.Redis;

namespace Platform.SharedState.Limits;

/// <summary>What Redis said of a bucket.</summary>
/// <param name="Granted">How much of what was wanted now belongs to the asker.</param>
/// <param name="Bucket">What is left for all.</param>
public readonly record struct BucketAnswer(double Granted, TokenBucket Bucket);

/// <summary>
/// Token buckets that all Apis draw on, by the rules of <see cref="TokenBucket"/>. The asker's clock is used: of two
/// that differ, the later moves the bucket on and the earlier brings nothing, so the rate stays what it is. A bucket's name
/// may hold a person's, so it is kept hashed.
/// </summary>
public sealed class SharedBuckets(IConnectionMultiplexer redis, DataSeal seal)
{
    private const string Script =
        """
        local held = redis.call('HMGET', KEYS[1], 'tokens', 'at')
        local rate, capacity, now = tonumber(ARGV[1]), tonumber(ARGV[2]), tonumber(ARGV[3])
        local spend, want = tonumber(ARGV[4]), tonumber(ARGV[5])
        local tokens, at = tonumber(held[1] or ''), tonumber(held[2] or '')
        if not tokens or not at then tokens, at = capacity, now end
        if now > at then
          tokens = tokens + (now - at) * rate
          at = now
        end
        if tokens > capacity then tokens = capacity end
        tokens = tokens - spend
        local granted = 0
        if want > 0 and tokens >= 1 then
          granted = math.min(want, math.floor(tokens))
          tokens = tokens - granted
        end
        redis.call('HSET', KEYS[1], 'tokens', string.format('%.17g', tokens), 'at', string.format('%.0f', at))
        -- A bucket that is not there is full, so it may go once it would be; a minute more for clocks that differ.
        redis.call('PEXPIRE', KEYS[1], string.format('%.0f', math.min((capacity - tokens) / rate + 60000, 3e10)))
        return {string.format('%.0f', granted), string.format('%.17g', tokens)}
        """;

    /// <summary>Takes away what was spent, then grants whole tokens, at most as many as are wanted.</summary>
    /// <param name="spent">Below zero gives back.</param>
    public async Task<BucketAnswer> DrawAsync(string bucket, Quota quota, double spent, double wanted, DateTimeOffset now)
    {
        var answer = (RedisResult[])(await redis.GetDatabase().ScriptEvaluateAsync(
            Script,
            [Keys.Bucket(seal.NameOf(SealPurposes.Bucket, bucket))],
            [Text(quota.PerSecond / 1_000), Text(quota.Capacity), Text(now.ToUnixTimeMilliseconds()), Text(spent), Text(wanted)]))!;
        return new(Number(answer[0]), new TokenBucket(Number(answer[1]), now));
    }

    private static string Text(double number) => number.ToString("R", CultureInfo.InvariantCulture);

    private static double Number(RedisResult text) => double.Parse((string)text!, CultureInfo.InvariantCulture);
}
