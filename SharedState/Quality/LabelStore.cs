using Platform.Core.Quality;
using StackExchange.Redis;

namespace Platform.SharedState.Quality;

/// <summary>What was said of predictions, and with it the counts of their windows: both change together or not at all.</summary>
internal sealed class LabelStore(IConnectionMultiplexer redis, TimeProvider clock)
{
    /// <summary>
    /// KEYS: the labels, then slots. ARGV: when the labels expire (ms); how many changes, and for each name, what must be
    /// there and what replaces it; then for each slot when it expires (s), how many fields, and each with its amount.
    /// </summary>
    private const string JoinScript = """
        local n = tonumber(ARGV[2])
        local at = 3
        for i = 1, n do
          if (redis.call('HGET', KEYS[1], ARGV[at]) or '') ~= ARGV[at + 1] then return 0 end
          at = at + 3
        end
        at = 3
        for i = 1, n do
          redis.call('HSET', KEYS[1], ARGV[at], ARGV[at + 2])
          at = at + 3
        end
        redis.call('PEXPIREAT', KEYS[1], ARGV[1])
        for k = 2, #KEYS do
          local fields = tonumber(ARGV[at + 1])
          local expires = ARGV[at]
          at = at + 2
          for i = 1, fields do
            redis.call('HINCRBY', KEYS[k], ARGV[at], ARGV[at + 1])
            at = at + 2
          end
          redis.call('EXPIREAT', KEYS[k], expires)
        end
        return 1
        """;

    /// <summary>What is remembered of a prediction.</summary>
    public async Task<IReadOnlyDictionary<string, Said>> LoadAsync(Prediction prediction) =>
        (await redis.GetDatabase().HashGetAllAsync(Keys.Labels(prediction.RequestId)))
            .ToDictionary(entry => (string)entry.Name!, entry => Said.Parse(entry.Value!));

    /// <summary>False when somebody else said something of it meanwhile.</summary>
    public async Task<bool> TryJoinAsync(Prediction prediction, LabelJoin join)
    {
        var slots = QualityStore.SlotsOf(prediction.At, clock.GetUtcNow()).ToArray();
        List<RedisValue> arguments = [prediction.ExpiresAt.ToUnixTimeMilliseconds(), join.Changes.Length];
        foreach (var change in join.Changes) arguments.AddRange([change.Name, change.Before?.ToString() ?? "", change.After.ToString()]);
        foreach (var slot in slots)
        {
            RedisValue[] fields = [.. QualityStore.FieldsOf(prediction.Route, slot, join.Counts)];
            arguments.AddRange([slot.ExpiresAt.ToUnixTimeSeconds(), fields.Length / 2, .. fields]);
        }

        return (int)await redis.GetDatabase().ScriptEvaluateAsync(
            JoinScript,
            [Keys.Labels(prediction.RequestId), .. slots.Select(slot => QualityStore.KeyOf(prediction.Model, prediction.Version, slot))],
            [.. arguments]) == 1;
    }
}
