using System.Globalization;
using StackExchange.Redis;

namespace Platform.SharedState.Jobs;

/// <summary>How far the upload of a job's rows is.</summary>
public sealed record JobInputProgress(long ReceivedBytes, bool Complete);

/// <summary>The turn to upload: whoever gets a later one takes it away.</summary>
public sealed record UploadTurn(string Job, long Generation, long Offset);

/// <summary>Why no turn was given.</summary>
public enum TurnRefusal
{
    /// <summary>All rows are here already.</summary>
    Complete,

    /// <summary>The upload goes on somewhere else.</summary>
    WrongOffset,
}

/// <summary>Which files hold a job's uploaded rows. A part counts once it is recorded here; what never was is deleted by whoever wrote it.</summary>
public sealed class JobInputStore(IConnectionMultiplexer redis)
{
    /// <summary>KEYS: input, segments. ARGV: offset, or -1 to begin anew. Gives 1 and the generation, or 0 and the right offset, or -1.</summary>
    private const string BeginScript = """
        if redis.call('HGET', KEYS[1], 'complete') == '1' then return {-1, 0} end
        local received = redis.call('HGET', KEYS[1], 'received') or '0'
        if ARGV[1] == '-1' then
          redis.call('DEL', KEYS[2])
          redis.call('HSET', KEYS[1], 'received', '0')
        elseif received ~= ARGV[1] then
          return {0, tonumber(received)}
        end
        return {1, redis.call('HINCRBY', KEYS[1], 'generation', 1)}
        """;

    /// <summary>KEYS: input, segments. ARGV: generation, offset, length, file.</summary>
    private const string AppendScript = """
        if redis.call('HGET', KEYS[1], 'generation') ~= ARGV[1] or redis.call('HGET', KEYS[1], 'complete') == '1' then return 0 end
        if (redis.call('HGET', KEYS[1], 'received') or '0') ~= ARGV[2] then return 0 end
        redis.call('RPUSH', KEYS[2], ARGV[2] .. '|' .. ARGV[3] .. '|' .. ARGV[4])
        redis.call('HINCRBY', KEYS[1], 'received', ARGV[3])
        return 1
        """;

    private const string CompleteScript = """
        if redis.call('HGET', KEYS[1], 'generation') ~= ARGV[1] then return 0 end
        redis.call('HSET', KEYS[1], 'complete', '1')
        return 1
        """;

    public async Task<JobInputProgress> ReadAsync(string job)
    {
        var held = await redis.GetDatabase().HashGetAsync(Keys.JobInput(job), ["received", "complete"]);
        return new((long?)held[0] ?? 0, held[1] == "1");
    }

    /// <summary>Takes the turn to go on from an offset; null begins anew.</summary>
    public async Task<(UploadTurn? Turn, TurnRefusal Refusal, long Offset)> BeginAsync(string job, long? offset)
    {
        var answer = (long[])(await redis.GetDatabase().ScriptEvaluateAsync(
            BeginScript, [Keys.JobInput(job), Keys.JobSegments(job)], [Text(offset ?? -1)]))!;
        return answer[0] switch
        {
            1 => (new UploadTurn(job, answer[1], offset ?? 0), default, 0),
            0 => (null, TurnRefusal.WrongOffset, answer[1]),
            _ => (null, TurnRefusal.Complete, 0),
        };
    }

    /// <summary>Records the next part; false when the turn was taken away.</summary>
    public async Task<bool> AppendAsync(UploadTurn turn, JobSegment segment) =>
        (int)await redis.GetDatabase().ScriptEvaluateAsync(
            AppendScript, [Keys.JobInput(turn.Job), Keys.JobSegments(turn.Job)],
            [Text(turn.Generation), Text(segment.Offset), Text(segment.Length), segment.File]) == 1;

    /// <summary>Says that the input ends here; false when the turn was taken away.</summary>
    public async Task<bool> CompleteAsync(UploadTurn turn) =>
        (int)await redis.GetDatabase().ScriptEvaluateAsync(CompleteScript, [Keys.JobInput(turn.Job)], [Text(turn.Generation)]) == 1;

    /// <summary>The parts in their order.</summary>
    public async Task<IReadOnlyList<JobSegment>> SegmentsAsync(string job) =>
        [.. (await redis.GetDatabase().ListRangeAsync(Keys.JobSegments(job))).Select(Parse)];

    private static JobSegment Parse(RedisValue text)
    {
        var parts = ((string)text!).Split('|');
        return new(long.Parse(parts[0], CultureInfo.InvariantCulture), long.Parse(parts[1], CultureInfo.InvariantCulture), parts[2]);
    }

    private static string Text(long number) => number.ToString(CultureInfo.InvariantCulture);
}
