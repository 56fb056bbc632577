using System.Text.Json;
using Platform.Core;
using Platform.Core.Jobs;
using StackExchange.Redis;

namespace Platform.SharedState.Jobs;

/// <summary>
/// What is known of the work on each job: its order, its shards, what became of them. Each thing is told once; told again
/// it changes nothing, and of a job that was closed nothing is taken any more. Faults and results are sealed.
/// </summary>
public sealed class JobBook(IConnectionMultiplexer redis, JobSeal seal)
{
    /// <summary>KEYS: work, queue, queues. ARGV: order, place, item, queue's name.</summary>
    private const string OpenScript = """
        if redis.call('HSETNX', KEYS[1], 'order', ARGV[1]) == 0 then return 0 end
        redis.call('ZADD', KEYS[2], ARGV[2], ARGV[3])
        redis.call('SADD', KEYS[3], ARGV[4])
        return 1
        """;

    /// <summary>KEYS: work, shards, queue, queues. ARGV: number, shard, place, item, queue's name.</summary>
    private const string AddShardScript = """
        if redis.call('HEXISTS', KEYS[1], 'order') == 0 then return -1 end
        if redis.call('HSETNX', KEYS[2], ARGV[1], ARGV[2]) == 0 then return 0 end
        redis.call('HINCRBY', KEYS[1], 'shards', 1)
        redis.call('ZADD', KEYS[3], ARGV[3], ARGV[4])
        redis.call('SADD', KEYS[4], ARGV[5])
        return 1
        """;

    /// <summary>KEYS: work, results. ARGV: number, result, done, failed, aside (0 or 1). The result that is told first counts.</summary>
    private const string CommitScript = """
        if redis.call('HEXISTS', KEYS[1], 'order') == 0 then return -1 end
        if redis.call('HSETNX', KEYS[2], ARGV[1], ARGV[2]) == 0 then return 0 end
        redis.call('HINCRBY', KEYS[1], 'shards_done', 1)
        redis.call('HINCRBY', KEYS[1], 'rows_done', ARGV[3])
        redis.call('HINCRBY', KEYS[1], 'rows_failed', ARGV[4])
        redis.call('HINCRBY', KEYS[1], 'shards_aside', ARGV[5])
        return 1
        """;

    /// <summary>KEYS: work. ARGV: a field and its value, and more of them; the first is set once.</summary>
    private const string TellScript = """
        if redis.call('HEXISTS', KEYS[1], 'order') == 0 then return -1 end
        if redis.call('HSETNX', KEYS[1], ARGV[1], ARGV[2]) == 0 then return 0 end
        for i = 3, #ARGV, 2 do redis.call('HSET', KEYS[1], ARGV[i], ARGV[i + 1]) end
        return 1
        """;

    /// <summary>KEYS: work, queue, queues. ARGV: place, item, queue's name.</summary>
    private const string FinishScript = """
        if redis.call('HEXISTS', KEYS[1], 'order') == 0 then return -1 end
        if redis.call('HSETNX', KEYS[1], 'finishing', '1') == 0 then return 0 end
        redis.call('ZADD', KEYS[2], ARGV[1], ARGV[2])
        redis.call('SADD', KEYS[3], ARGV[3])
        return 1
        """;

    internal const string Fault = "fault";

    private IDatabase Database => redis.GetDatabase();

    /// <summary>Puts a job's input before the workers; once, however often it is called.</summary>
    public Task OpenAsync(WorkOrder order)
    {
        var scan = new WorkItem(order.Id, WorkKind.Scan);
        return Database.ScriptEvaluateAsync(
            OpenScript,
            [Keys.JobWork(order.Id), Keys.JobQueue(WorkQueues.Anyone), Keys.JobQueues],
            [Json(order), WorkQueues.PlaceOf(order, scan), scan.ToString(), WorkQueues.Anyone]);
    }

    /// <summary>What workers must know of a job; null when it is closed.</summary>
    public async Task<WorkOrder?> OrderAsync(string job) =>
        (string?)await Database.HashGetAsync(Keys.JobWork(job), "order") is { } json ? Parse<WorkOrder>(json) : null;

    /// <summary>Puts a shard before the workers.</summary>
    public async Task<Telling> AddShardAsync(WorkOrder order, JobShard shard)
    {
        var (queue, item) = (WorkQueues.Of(order), new WorkItem(order.Id, WorkKind.Shard, shard.Number));
        return (Telling)(int)await Database.ScriptEvaluateAsync(
            AddShardScript,
            [Keys.JobWork(order.Id), Keys.JobShards(order.Id), Keys.JobQueue(queue), Keys.JobQueues],
            [shard.Number, Json(shard), WorkQueues.PlaceOf(order, item), item.ToString(), queue]);
    }

    public async Task<JobShard?> ShardAsync(string job, int number) =>
        (string?)await Database.HashGetAsync(Keys.JobShards(job), number) is { } json ? Parse<JobShard>(json) : null;

    /// <summary>Says that the whole input was cut.</summary>
    public Task<Telling> EndScanAsync(string job, long rows) => TellAsync(job, "rows_total", rows);

    /// <summary>Says that the work cannot go on.</summary>
    public Task<Telling> FailAsync(string job, JobFault fault) => TellAsync(job, Fault, seal.Seal(job, Fault, fault));

    /// <summary>Says where the output is.</summary>
    public Task<Telling> EndFinishAsync(string job, string output, long bytes) =>
        TellAsync(job, "output", output, "output_bytes", bytes);

    public async Task<Telling> CommitAsync(string job, ShardResult result) =>
        (Telling)(int)await Database.ScriptEvaluateAsync(
            CommitScript, [Keys.JobWork(job), Keys.JobResults(job)],
            [result.Number, seal.Seal(job, Shard(result.Number), result), result.Done, result.Failed, result.Aside is null ? 0 : 1]);

    /// <summary>Has a worker put the results together; once, however often it is called.</summary>
    public Task OfferFinishAsync(WorkOrder order)
    {
        var finish = new WorkItem(order.Id, WorkKind.Finish);
        return Database.ScriptEvaluateAsync(
            FinishScript,
            [Keys.JobWork(order.Id), Keys.JobQueue(WorkQueues.Anyone), Keys.JobQueues],
            [WorkQueues.PlaceOf(order, finish), finish.ToString(), WorkQueues.Anyone]);
    }

    /// <summary>How far the work is; null when none was begun, or it is closed.</summary>
    public async Task<JobProgress?> ProgressAsync(string job)
    {
        var held = await Database.HashGetAsync(
            Keys.JobWork(job), ["order", "rows_total", "rows_done", "rows_failed", "shards", "shards_done", Fault, "output", "output_bytes", "shards_aside"]);
        return held[0].IsNull ? null : new JobProgress(
            (long?)held[1], (long?)held[2] ?? 0, (long?)held[3] ?? 0, (int?)held[4] ?? 0, (int?)held[5] ?? 0,
            (byte[]?)held[6] is { } fault ? seal.Open<JobFault>(job, Fault, fault) : null, held[7], (long?)held[8] ?? 0, (int?)held[9] ?? 0);
    }

    /// <summary>Whether what the piece is to bring was told already.</summary>
    public Task<bool> IsDoneAsync(WorkItem item) => item.Kind switch
    {
        WorkKind.Scan => Database.HashExistsAsync(Keys.JobWork(item.Job), "rows_total"),
        WorkKind.Finish => Database.HashExistsAsync(Keys.JobWork(item.Job), "output"),
        _ => Database.HashExistsAsync(Keys.JobResults(item.Job), item.Shard),
    };

    /// <summary>What became of each shard so far, in their order.</summary>
    public async Task<IReadOnlyList<ShardResult>> ResultsAsync(string job) =>
        [
            .. (await Database.HashGetAllAsync(Keys.JobResults(job)))
                .Select(entry => seal.Open<ShardResult>(job, Shard((int)entry.Name), (byte[])entry.Value!)).OrderBy(result => result.Number),
        ];

    /// <summary>Takes no more of a job: who still works on it is told so. What became of its shards stays.</summary>
    public Task CloseAsync(string job) => Database.KeyDeleteAsync([Keys.JobWork(job), Keys.JobShards(job), Keys.JobLosses(job)]);

    /// <summary>Forgets a job altogether.</summary>
    public Task ForgetAsync(string job) => Database.KeyDeleteAsync(
    [
        Keys.JobWork(job), Keys.JobShards(job), Keys.JobLosses(job), Keys.JobResults(job), Keys.JobInput(job), Keys.JobSegments(job),
    ]);

    private async Task<Telling> TellAsync(string job, params RedisValue[] fields) =>
        (Telling)(int)await Database.ScriptEvaluateAsync(TellScript, [Keys.JobWork(job)], fields);

    private static string Shard(int number) => $"shard {number}";

    private static string Json<T>(T value) => JsonSerializer.Serialize(value, PlatformJson.Options);

    private static T Parse<T>(string json) => JsonSerializer.Deserialize<T>(json, PlatformJson.Options)!;
}
