using Platform.Core.Measuring;
using StackExchange.Redis;

namespace Platform.SharedState.Metrics;

/// <summary>
/// Moves a minute from its fields into the packed form, and adds packed minutes up to their hour. Each step takes effect
/// only if nobody has added or packed since it was read, so any number of silos may do it, and one that stops midway
/// leaves everything as it was.
/// </summary>
internal sealed class MinutePacking(IDatabase database, string model)
{
    private const int HoursInDay = 24;
    private static readonly TimeSpan Day = TimeSpan.FromDays(1);

    private const string PackMinute = """
        if (redis.call('HGET', KEYS[1], '_stamp') or '') ~= ARGV[1] then return 0 end
        redis.call('ZREM', KEYS[2], ARGV[2])
        if ARGV[1] == '' then return 1 end
        redis.call('HSET', KEYS[3], ARGV[3], ARGV[4])
        redis.call('EXPIRE', KEYS[3], ARGV[5])
        redis.call('HSET', KEYS[4], ARGV[6], ARGV[1])
        redis.call('DEL', KEYS[1])
        return 1
        """;

    private const string PackHour = """
        if (redis.call('HGET', KEYS[1], ARGV[1]) or '') ~= ARGV[2] then return 0 end
        redis.call('HSET', KEYS[2], ARGV[3], ARGV[4])
        redis.call('EXPIRE', KEYS[2], ARGV[5])
        redis.call('HDEL', KEYS[1], ARGV[1])
        return 1
        """;

    public async Task PackMinuteAsync(OpenSlot minute, DateTimeOffset now)
    {
        var hour = new OpenSlot(minute.Number / SlotPlan.MinutesInHour, minute.Version);
        var (fieldsKey, dayKey) = (Keys.MetricMinute(model, minute.Version, minute.Number), DayKey(hour));
        var fields = await database.HashGetAllAsync(fieldsKey);
        var series = new Dictionary<(MetricSource, string), MetricCounts>();
        // What was packed before some process came with its late counts.
        if (await database.HashGetAsync(dayKey, $"m{minute.Number}") is { IsNull: false } before) PackedSlot.Read(((ReadOnlyMemory<byte>)before).Span, series);
        FlushedFields.Read(fields, series);
        var stamp = fields.FirstOrDefault(field => field.Name == FlushedFields.Stamp).Value;
        await database.ScriptEvaluateAsync(
            PackMinute,
            [fieldsKey, Keys.MetricOpen(model), dayKey, Keys.MetricHours(model)],
            [stamp.IsNull ? "" : stamp, minute.ToString(), $"m{minute.Number}", PackedSlot.Write(series), Lifetime(hour, now), hour.ToString()]);
    }

    /// <param name="stamp">What marked the hour as not added up when it was chosen.</param>
    public async Task PackHourAsync(OpenSlot hour, RedisValue stamp, DateTimeOffset now)
    {
        var first = hour.Number * SlotPlan.MinutesInHour;
        var minutes = await database.HashGetAsync(
            DayKey(hour), [.. Enumerable.Range(0, SlotPlan.MinutesInHour).Select(minute => (RedisValue)$"m{first + minute}")]);
        var series = new Dictionary<(MetricSource, string), MetricCounts>();
        foreach (var minute in minutes.Where(minute => !minute.IsNull)) PackedSlot.Read(((ReadOnlyMemory<byte>)minute).Span, series);
        await database.ScriptEvaluateAsync(
            PackHour,
            [Keys.MetricHours(model), DayKey(hour)],
            [hour.ToString(), stamp, $"h{hour.Number}", PackedSlot.Write(series), Lifetime(hour, now)]);
    }

    private RedisKey DayKey(OpenSlot hour) => Keys.MetricDay(model, hour.Version, hour.Number / HoursInDay);

    /// <summary>Until the last minute of the day is as old as minutes get.</summary>
    private static long Lifetime(OpenSlot hour, DateTimeOffset now)
    {
        var end = DateTimeOffset.UnixEpoch + (hour.Number / HoursInDay + 1) * Day + MetricRetention.Minutes + Day;
        return Math.Max(1, (long)(end - now).TotalSeconds);
    }
}
