using Platform.Core.Measuring;
using StackExchange.Redis;

namespace Platform.SharedState.Metrics;

/// <summary>One flush: increments of some slots, applied once however often it is sent.</summary>
/// <param name="Number">Counts up in each process, so that a repeated flush is known for what it is.</param>
internal sealed record Flush(long Number, IReadOnlyList<FlushedSlot> Slots);

/// <summary>What is added to one version's second and to its minute.</summary>
/// <param name="Counts">As <see cref="PackedSlot"/> writes them.</param>
internal sealed record FlushedSlot(string Model, string Version, long Second, byte[] Counts);

/// <summary>Applies flushes in Redis.</summary>
internal static class FlushScript
{
    /// <summary>Longer than any process asks again for.</summary>
    private static readonly TimeSpan MarkerLifetime = TimeSpan.FromHours(6);

    /// <summary>Slots outlive what they are kept for by this, so that a window read at its end finds them whole.</summary>
    private static readonly TimeSpan Slack = TimeSpan.FromMinutes(1);

    /// <summary>
    /// KEYS: the marker, all models, then of each slot: its second, its minute, the model's open minutes and its versions.
    /// ARGV: the flush's number, lifetimes of the marker and of a minute (s); then of each slot: model, version, minute,
    /// what is left of the second (s), the field's name and its increments. A script may only touch keys that it
    /// names beforehand: Garnet locks these, and what others do to the rest at the same time damages it.
    /// </summary>
    // A field for all increments and not one for each: every field is a record in the server's log.
    // The marker is written first. Should the server die in the middle of a script that it does not undo, a part of the
    // flush is lost; with the marker last, a part would be counted twice.
    private const string Script = """
        local applied = redis.call('GET', KEYS[1])
        if applied and tonumber(applied) >= tonumber(ARGV[1]) then return 0 end
        redis.call('SET', KEYS[1], ARGV[1], 'EX', ARGV[2])
        local at = 4
        for key = 3, #KEYS, 4 do
          local model, version, number, ttl, field, counts = unpack(ARGV, at, at + 5)
          at = at + 6
          if ttl ~= '0' then
            redis.call('HSET', KEYS[key], field, counts)
            redis.call('EXPIRE', KEYS[key], ttl)
          end
          redis.call('HSET', KEYS[key + 1], field, counts, '_stamp', field)
          redis.call('EXPIRE', KEYS[key + 1], ARGV[3])
          redis.call('ZADD', KEYS[key + 2], number, number .. '@' .. version)
          redis.call('ZADD', KEYS[key + 3], number, version)
          redis.call('ZADD', KEYS[2], number, model)
        end
        return 1
        """;

    /// <returns>False if this flush had been applied before.</returns>
    public static async Task<bool> ApplyAsync(IDatabase database, string process, Flush flush, DateTimeOffset now)
    {
        List<RedisKey> keys = [Keys.MetricFlush(process), Keys.MetricModels];
        List<RedisValue> arguments = [flush.Number, (long)MarkerLifetime.TotalSeconds, (long)MetricRetention.Minutes.TotalSeconds];
        foreach (var slot in flush.Slots) Append(keys, arguments, slot, FlushedFields.NameOf(process, flush.Number, slot.Second), now);
        return (bool)await database.ScriptEvaluateAsync(Script, [.. keys], [.. arguments]);
    }

    private static void Append(List<RedisKey> keys, List<RedisValue> arguments, FlushedSlot slot, string field, DateTimeOffset now)
    {
        var minute = slot.Second / (int)MetricResolution.Minute;
        // A second that came so late that nobody may ask for it is not written any more; its minute is.
        var left = slot.Second + (long)(MetricRetention.Seconds + Slack).TotalSeconds - now.ToUnixTimeSeconds();
        keys.AddRange(
        [
            Keys.MetricSecond(slot.Model, slot.Version, slot.Second), Keys.MetricMinute(slot.Model, slot.Version, minute),
            Keys.MetricOpen(slot.Model), Keys.MetricVersions(slot.Model),
        ]);
        arguments.AddRange([slot.Model, slot.Version, minute, Math.Max(0, left), field, slot.Counts]);
    }
}
