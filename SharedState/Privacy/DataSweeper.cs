using Platform.Core.Audit;
using Platform.Core.Privacy;
using Platform.SharedState.Audit;
using Platform.SharedState.Sealing;
using StackExchange.Redis;

namespace Platform.SharedState.Privacy;

/// <summary>
/// Removes what is older than a policy allows. Each sealed record tells its age in its first bytes, so nothing has to be
/// opened and nothing has to be noted when it is written.
/// </summary>
public sealed class DataSweeper(IConnectionMultiplexer redis, AuditStore audit, AuditKeys auditKeys, TimeProvider clock)
{
    private const int Page = 500;
    private static readonly (DataKind Kind, string Pattern)[] Strings =
    [
        (DataKind.Predictions, "prediction:*"), (DataKind.Requests, "request:*"), (DataKind.Answers, "answer:*"), (DataKind.Idempotency, "idempotency:*"),
    ];

    /// <summary>How much was removed.</summary>
    public async Task<long> SweepAsync(DataRetention policy, CancellationToken cancellation)
    {
        var removed = 0L;
        var now = clock.GetUtcNow();
        foreach (var (kind, pattern) in Strings)
        {
            if (policy.Of(kind) is { } age) removed += await SweepAsync(pattern, page => RemoveStringsAsync(page, now - age), cancellation);
        }

        if (policy.Feedback is { } most) removed += await SweepAsync("labels:*", page => RemoveFieldsAsync(page, now - most), cancellation);
        if (policy.AuditSummaries is { } summaries) removed += await ForgetSummariesAsync(now - summaries);
        return removed;
    }

    private async Task<long> SweepAsync(string pattern, Func<RedisKey[], Task<long>> remove, CancellationToken cancellation)
    {
        var removed = 0L;
        foreach (var server in redis.GetServers().Where(server => server.IsConnected && !server.IsReplica))
        {
            var page = new List<RedisKey>(Page);
            await foreach (var key in server.KeysAsync(pattern: pattern, pageSize: Page).WithCancellation(cancellation))
            {
                page.Add(key);
                if (page.Count < Page) continue;
                removed += await remove([.. page]);
                page.Clear();
            }

            if (page.Count > 0) removed += await remove([.. page]);
        }

        return removed;
    }

    private async Task<long> RemoveStringsAsync(RedisKey[] keys, DateTimeOffset before)
    {
        var database = redis.GetDatabase();
        var heads = await Task.WhenAll(keys.Select(key => database.StringGetRangeAsync(key, 0, SealedBox.AgeBytes - 1)));
        var old = keys.Zip(heads).Where(pair => IsBefore(pair.Second, before)).Select(pair => pair.First).ToArray();
        return old.Length == 0 ? 0 : await database.KeyDeleteAsync(old);
    }

    private async Task<long> RemoveFieldsAsync(RedisKey[] keys, DateTimeOffset before)
    {
        var database = redis.GetDatabase();
        var counts = await Task.WhenAll(keys.Select(async key =>
        {
            var old = (await database.HashGetAllAsync(key)).Where(entry => IsBefore(entry.Value, before)).Select(entry => entry.Name).ToArray();
            return old.Length == 0 ? 0 : await database.HashDeleteAsync(key, old);
        }));
        return counts.Sum();
    }

    private async Task<long> ForgetSummariesAsync(DateTimeOffset before)
    {
        var forgotten = 0L;
        var notes = await audit.ReadSummariesAsync(0);
        for (var chunk = 0; chunk < notes.Count; chunk++)
        {
            if (SignedSummary.Open(notes[chunk], chunk, auditKeys.Trusted) is not { } summary || summary.LastAt >= before) continue;
            await audit.ForgetSummaryAsync(chunk);
            forgotten++;
        }

        return forgotten;
    }

    // What is not sealed is none of ours, or of an earlier release, and goes by its own time.
    private static bool IsBefore(RedisValue box, DateTimeOffset before) => !box.IsNull && SealedBox.SealedAt((byte[])box!) is { } at && at < before;
}
