using Platform.Core.Measuring;
using StackExchange.Redis;

namespace Platform.SharedState.Metrics;

/// <summary>One flush: increments of some slots, applied once however often it is sent.</summary>
/// <param name="Number">Counts up in each process, so that a repeated flush is known for what it is.</param>
internal sealed record Flush(long Number, IReadOnlyList<FlushedSlot> Slots);

/// <summary>What is added to one version's second and to its minute.</summary>
internal sealed record FlushedSlot(string Model, string Version, long Second, IReadOnlyList<(string Field, long Count)> Fields);

/// <summary>Applies flushes in Redis.</summary>
internal static class FlushScript
{
    /// <summary>Longer than any process asks again for.</summary>
    private static readonly TimeSpan MarkerLifetime = TimeSpan.FromHours(6);

    /// <summary>Slots outlive what they are kept for by this, so that a window read at its end finds them whole.</summary>
    private static readonly TimeSpan Slack = TimeSpan.FromMinutes(1);

    // The marker is written first. Should the server die in the middle of a script that it does not undo, a part of the
    // flush is lost; with the marker last, a part would be counted twice.
    private const string Script = """
        local applied = redis.call('GET', KEYS[1])
        if applied and tonumber(applied) >= tonumber(ARGV[1]) then return 0 end
        redis.call('SET', KEYS[1], ARGV[1], 'EX', ARGV[2])
        local at = 4
        while at <= #ARGV do
          local second, minute, open, versions = ARGV[at], ARGV[at + 1], ARGV[at + 2], ARGV[at + 3]
          local model, version, number, ttl, fields = ARGV[at + 4], ARGV[at + 5], ARGV[at + 6], ARGV[at + 7], tonumber(ARGV[at + 8])
          at = at + 9
          for i = 1, fields do
            redis.call('HINCRBY', minute, ARGV[at], ARGV[at + 1])
            if ttl ~= '0' then redis.call('HINCRBY', second, ARGV[at], ARGV[at + 1]) end
            at = at + 2
          end
          if ttl ~= '0' then redis.call('EXPIRE', second, ttl) end
          redis.call('HSET', minute, '_stamp', KEYS[1] .. '#' .. ARGV[1])
          redis.call('EXPIRE', minute, ARGV[3])
          redis.call('ZADD', open, number, number .. '@' .. version)
          redis.call('ZADD', versions, number, version)
          redis.call('ZADD', 'metrics:models', number, model)
        end
        return 1
        """;

    /// <returns>False if this flush had been applied before.</returns>
    public static async Task<bool> ApplyAsync(IDatabase database, string process, Flush flush, DateTimeOffset now)
    {
        List<RedisValue> arguments = [flush.Number, (long)MarkerLifetime.TotalSeconds, (long)MetricRetention.Minutes.TotalSeconds];
        foreach (var slot in flush.Slots) Append(arguments, slot, now);
        return (bool)await database.ScriptEvaluateAsync(Script, [Keys.MetricFlush(process)], [.. arguments]);
    }

    private static void Append(List<RedisValue> arguments, FlushedSlot slot, DateTimeOffset now)
    {
        var minute = slot.Second / (int)MetricResolution.Minute;
        // A second that came so late that nobody may ask for it is not written any more; its minute is.
        var left = slot.Second + (long)(MetricRetention.Seconds + Slack).TotalSeconds - now.ToUnixTimeSeconds();
        arguments.AddRange(
        [
            (string)Keys.MetricSecond(slot.Model, slot.Version, slot.Second)!, (string)Keys.MetricMinute(slot.Model, slot.Version, minute)!,
            (string)Keys.MetricOpen(slot.Model)!, (string)Keys.MetricVersions(slot.Model)!,
            slot.Model, slot.Version, minute, Math.Max(0, left), slot.Fields.Count,
        ]);
        foreach (var (field, count) in slot.Fields)
        {
            arguments.Add(field);
            arguments.Add(count);
        }
    }
}
