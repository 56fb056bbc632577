using System.Globalization;
using Platform.Core.Jobs;
using StackExchange.Redis;

namespace Platform.SharedState.Jobs;

/// <summary>A piece of work that one worker has for now.</summary>
/// <param name="IsSuspect">Whether somebody died over it, or failed with it, before.</param>
public sealed record WorkLease(WorkItem Item, WorkOrder Order, JobShard? Shard, string Token, bool IsSuspect = false);

/// <summary>
/// Work that waits, and who has what for how long. Whoever dies over a piece leaves it to others when his lease ends;
/// whoever is too late with it is told, and what he brings changes nothing.
/// </summary>
public sealed class WorkLine(IConnectionMultiplexer redis, JobBook book)
{
    /// <summary>KEYS: queue, leases, holders, queues. ARGV: token, lease's end, queue's name. The holder's line has the queue and the place.</summary>
    private const string TakeScript = """
        local first = redis.call('ZRANGE', KEYS[1], 0, 0, 'WITHSCORES')
        if #first == 0 then
          redis.call('SREM', KEYS[4], ARGV[3])
          return nil
        end
        redis.call('ZREM', KEYS[1], first[1])
        redis.call('ZADD', KEYS[2], ARGV[2], first[1])
        redis.call('HSET', KEYS[3], first[1], ARGV[1] .. '|' .. ARGV[3])
        return first[1]
        """;

    /// <summary>KEYS: leases, holders, work. ARGV: item, holder's line, lease's end.</summary>
    private const string RenewScript = """
        if redis.call('HGET', KEYS[2], ARGV[1]) ~= ARGV[2] or redis.call('HEXISTS', KEYS[3], 'order') == 0 then return 0 end
        redis.call('ZADD', KEYS[1], ARGV[3], ARGV[1])
        return 1
        """;

    /// <summary>KEYS: leases, holders, queue, queues. ARGV: item, holder's line, place, queue's name; an empty place gives it back to nobody.</summary>
    private const string ReturnScript = """
        if redis.call('HGET', KEYS[2], ARGV[1]) ~= ARGV[2] then return 0 end
        redis.call('ZREM', KEYS[1], ARGV[1])
        redis.call('HDEL', KEYS[2], ARGV[1])
        if ARGV[3] ~= '' then
          redis.call('ZADD', KEYS[3], ARGV[3], ARGV[1])
          redis.call('SADD', KEYS[4], ARGV[4])
        end
        return 1
        """;

    private const int MaxReclaimed = 16;
    private IDatabase Database => redis.GetDatabase();

    /// <summary>Takes the first piece of work from the queues that this worker can serve; null when nothing waits.</summary>
    /// <param name="serves">Whether the worker can do what waits in that queue.</param>
    public async Task<WorkLease?> TakeAsync(string worker, Func<string, bool> serves, DateTimeOffset until)
    {
        var names = (await Database.SetMembersAsync(Keys.JobQueues)).Select(name => (string)name!).Where(serves).ToArray();
        var firsts = await Task.WhenAll(names.Select(name => Database.SortedSetRangeByRankWithScoresAsync(Keys.JobQueue(name), 0, 0)));
        foreach (var (name, _) in names.Zip(firsts).OrderBy(queue => queue.Second is [var first] ? first.Score : double.NegativeInfinity))
        {
            var token = $"{worker}/{Guid.NewGuid():n}";
            while ((string?)await Database.ScriptEvaluateAsync(
                TakeScript, [Keys.JobQueue(name), Keys.JobLeases, Keys.JobHolders, Keys.JobQueues], [token, Text(until), name]) is { } taken)
            {
                if (await DescribeAsync(WorkItem.Parse(taken), token) is { } lease) return lease;
                await ReturnAsync(taken, $"{token}|{name}", place: "", name);
            }
        }

        return null;
    }

    /// <summary>False when the lease was lost, or the job has ended: whoever works on it is to stop.</summary>
    public async Task<bool> RenewAsync(WorkLease lease, DateTimeOffset until) => (int)await Database.ScriptEvaluateAsync(
        RenewScript, [Keys.JobLeases, Keys.JobHolders, Keys.JobWork(lease.Item.Job)], [lease.Item.ToString(), LineOf(lease), Text(until)]) == 1;

    /// <summary>The piece is done, whatever came of it.</summary>
    public Task EndAsync(WorkLease lease) => ReturnAsync(lease.Item.ToString(), LineOf(lease), place: "", QueueOf(lease));

    /// <summary>Gives the piece back to be done by another; it costs no attempt.</summary>
    public Task GiveBackAsync(WorkLease lease) =>
        ReturnAsync(lease.Item.ToString(), LineOf(lease), WorkQueues.PlaceOf(lease.Order, lease.Item), QueueOf(lease));

    /// <summary>Looks for leases that ran out: what is left of them goes back, or aside when it cost too many workers.</summary>
    /// <param name="maxLosses">With so many workers lost over a piece it is put aside.</param>
    public async Task ReclaimAsync(DateTimeOffset now, int maxLosses)
    {
        foreach (var entry in await Database.SortedSetRangeByScoreAsync(Keys.JobLeases, double.NegativeInfinity, now.ToUnixTimeMilliseconds(), take: MaxReclaimed))
        {
            var text = (string)entry!;
            if ((string?)await Database.HashGetAsync(Keys.JobHolders, text) is not { } line)
            {
                await Database.SortedSetRemoveAsync(Keys.JobLeases, text);
                continue;
            }

            // Who is alive was only slow, or cut off for a while: that is not the work's fault.
            var isAlive = await Database.KeyExistsAsync(Keys.Worker(line[..line.IndexOf('/', StringComparison.Ordinal)]));
            await ReclaimAsync(WorkItem.Parse(text), line, isAlive ? null : "The worker that had it died.", maxLosses);
        }
    }

    /// <summary>A piece could not be done. Another worker may try, unless it was tried too often.</summary>
    public Task FailAsync(WorkLease lease, string why, int maxLosses) => ReclaimAsync(lease.Item, LineOf(lease), why, maxLosses);

    private async Task ReclaimAsync(WorkItem item, string line, string? lossWhy, int maxLosses)
    {
        var queue = line[(line.IndexOf('|', StringComparison.Ordinal) + 1)..];
        if (await book.OrderAsync(item.Job) is not { } order)
        {
            await ReturnAsync(item.ToString(), line, place: "", queue);
            return;
        }

        // Counted by the lease's own token, so that two who notice the same loss count it once.
        if (lossWhy is not null) await Database.HashSetAsync(Keys.JobLosses(item.Job), $"{item}|{line}", "");
        var count = lossWhy is null ? 0 : await LossesAsync(item);
        if (count < maxLosses)
        {
            await ReturnAsync(item.ToString(), line, WorkQueues.PlaceOf(order, item), queue);
            return;
        }

        await PutAsideAsync(item, $"It was tried {count} times. {lossWhy}");
        await ReturnAsync(item.ToString(), line, place: "", queue);
    }

    private async Task PutAsideAsync(WorkItem item, string why)
    {
        if (item.Kind is WorkKind.Shard && await book.ShardAsync(item.Job, item.Shard) is { } shard)
            await book.CommitAsync(item.Job, ShardResult.PutAside(shard, $"The shard of this row was put aside: {char.ToLowerInvariant(why[0])}{why[1..]}"));
        else
            await book.FailAsync(item.Job, new JobFault(JobReason.WorkersLost, $"The {(item.Kind is WorkKind.Scan ? "input could not be read" : "output could not be written")}. {why}"));
    }

    private async Task<WorkLease?> DescribeAsync(WorkItem item, string token)
    {
        if (await book.OrderAsync(item.Job) is not { } order) return null;
        // Whoever did it may have died before he could say that he is through with it.
        if (await book.IsDoneAsync(item)) return null;
        var isSuspect = await LossesAsync(item) > 0;
        if (item.Kind is not WorkKind.Shard) return new(item, order, null, token, isSuspect);
        return await book.ShardAsync(item.Job, item.Shard) is { } shard ? new(item, order, shard, token, isSuspect) : null;
    }

    private async Task<int> LossesAsync(WorkItem item) =>
        (await Database.HashKeysAsync(Keys.JobLosses(item.Job))).Count(field => ((string)field!).StartsWith($"{item}|", StringComparison.Ordinal));

    private Task<RedisResult> ReturnAsync(string item, string line, string place, string queue) => Database.ScriptEvaluateAsync(
        ReturnScript, [Keys.JobLeases, Keys.JobHolders, Keys.JobQueue(queue), Keys.JobQueues], [item, line, place, queue]);

    private static string QueueOf(WorkLease lease) => WorkQueues.Of(lease.Order, lease.Item.Kind);

    private static string LineOf(WorkLease lease) => $"{lease.Token}|{QueueOf(lease)}";

    private static string Text(DateTimeOffset time) => time.ToUnixTimeMilliseconds().ToString(CultureInfo.InvariantCulture);
}
