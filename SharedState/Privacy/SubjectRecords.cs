using Platform.Core.Privacy;
using Platform.Core.Serving;
using StackExchange.Redis;

namespace Platform.SharedState.Privacy;

/// <summary>Where something is held of a person: beside each record that has a subject, so that an erasure finds it.</summary>
public sealed class SubjectRecords(IConnectionMultiplexer redis, TimeProvider clock)
{
    /// <summary>No record of a person lives longer; what names the person may go a day after it.</summary>
    public static readonly TimeSpan KeptFor = ErasureRules.LongestRecord + TimeSpan.FromDays(1);

    private const int Page = 500;

    /// <summary>Notes that there will be a record, before it is written.</summary>
    public async Task AddAsync(IEnumerable<(string Subject, SubjectRecord Record, DateTimeOffset ExpiresAt)> records)
    {
        var database = redis.GetDatabase();
        var now = clock.GetUtcNow().ToUnixTimeMilliseconds();
        await Task.WhenAll(records.GroupBy(one => one.Subject).Select(async person =>
        {
            var key = Keys.SubjectRecords(person.Key);
            await database.SortedSetAddAsync(
                key, [.. person.Select(one => new SortedSetEntry(one.Record.ToString(), one.ExpiresAt.ToUnixTimeMilliseconds()))]);
            await database.SortedSetRemoveRangeByScoreAsync(key, double.NegativeInfinity, now);
            // Beyond the bound the earliest are forgotten; the person's key still is what opens them.
            await database.SortedSetRemoveRangeByRankAsync(key, 0, -ErasureRules.MaxRecords - 1);
            await database.KeyExpireAsync(key, KeptFor);
        }));
    }

    /// <summary>How much is held, by kind.</summary>
    public async Task<ErasedCounts> CountAsync(string subject)
    {
        var database = redis.GetDatabase();
        var counts = new ErasedCounts();
        for (var at = 0L; ; at += Page)
        {
            var page = await database.SortedSetRangeByRankWithScoresAsync(Keys.SubjectRecords(subject), at, at + Page - 1);
            if (page.Length == 0) return counts;
            var live = page.Where(entry => entry.Score > clock.GetUtcNow().ToUnixTimeMilliseconds()).Select(entry => SubjectRecord.Parse(entry.Element!)).ToArray();
            var labels = await Task.WhenAll(
                live.Where(record => record.Kind is SubjectRecordKind.Prediction).Select(record => database.KeyExistsAsync(Keys.Labels(record.Name))));
            // Jobs go by their own time, mostly before what names them here.
            var jobs = await Task.WhenAll(
                live.Where(record => record.Kind is SubjectRecordKind.Job).Select(record => database.HashExistsAsync(Keys.Jobs, record.Name)));
            counts = counts.Add(live.Select(record => record.Kind), labels.Count(isThere => isThere));
            counts = counts with { Jobs = counts.Jobs - jobs.Count(isThere => !isThere) };
        }
    }

    /// <summary>Deletes what there is, page by page; going on after a stop deletes the rest.</summary>
    /// <param name="removeJob">Deletes the job of that id with its files, which are not in Redis.</param>
    public async Task RemoveAsync(string subject, Func<string, Task> removeJob)
    {
        var database = redis.GetDatabase();
        while (await database.SortedSetRangeByRankAsync(Keys.SubjectRecords(subject), 0, Page - 1) is { Length: > 0 } page)
        {
            await Task.WhenAll(page.Select(member => RemoveAsync(database, SubjectRecord.Parse(member!), removeJob)));
            await database.SortedSetRemoveAsync(Keys.SubjectRecords(subject), page);
        }
    }

    private static Task RemoveAsync(IDatabase database, SubjectRecord record, Func<string, Task> removeJob) => record.Kind switch
    {
        SubjectRecordKind.Prediction => database.KeyDeleteAsync([Keys.Prediction(record.Name), Keys.Labels(record.Name)]),
        SubjectRecordKind.Alias => database.KeyDeleteAsync(Keys.Prediction(record.Name)),
        SubjectRecordKind.Request => database.KeyDeleteAsync(Keys.Request(record.Name)),
        SubjectRecordKind.Job => removeJob(record.Name),
        _ => database.HashDeleteAsync(Keys.ExperimentUnits(record.Of!), record.Name),
    };
}
