using System.Collections.Concurrent;
using Platform.Core.Limits;
using Platform.SharedState;
using Platform.SharedState.Access;
using Platform.SharedState.Limits;

namespace Platform.Api.Limits;

/// <summary>Every limit's buckets in this process; reports what was spent, returns what was not used.</summary>
internal sealed partial class LimitBook(
    PublishedSetFollower<LimitPolicy> limits, BucketLink link, ApiCensus census, TimeProvider clock, ILogger<LimitBook> logger) : BackgroundService
{
    private static readonly TimeSpan ReportPeriod = TimeSpan.FromMilliseconds(100);
    private const int ReportsPerCensus = 50;
    private const int ReportsPerReturn = 10;

    /// <summary>Not more than there are limits: those that are lifted go.</summary>
    private readonly ConcurrentDictionary<string, SubjectBuckets> buckets = new();

    /// <summary>The caller's buckets; null when the caller is not limited.</summary>
    public SubjectBuckets? OfCaller(string? id) => id is null || limits.Records.IsEmpty ? null : Find(LimitSubject.OfCaller(id), "key");

    public SubjectBuckets? OfModel(string model) => Find(LimitSubject.OfModel(model), "model");

    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        await base.StopAsync(cancellationToken);
        await ReportAsync();
        await ReturnAsync();
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(ReportPeriod, clock);
        for (var round = 0; await timer.WaitForNextTickAsync(stoppingToken); round++)
        {
            await ReportAsync();
            if (round % ReportsPerReturn == 0) await ReturnAsync();
            if (round % ReportsPerCensus == 0) await CountApisAsync();
        }
    }

    private SubjectBuckets? Find(string subject, string kind)
    {
        if (!limits.Records.TryGetValue(subject, out var policy)) return null;
        if (buckets.TryGetValue(subject, out var known) && known.Policy.Revision == policy.Revision) return known;
        return buckets.AddOrUpdate(
            subject, _ => new(subject, kind, policy, link),
            (_, old) => old.Policy.Revision == policy.Revision ? old : new(subject, kind, policy, link));
    }

    private async Task ReportAsync()
    {
        foreach (var subject in buckets.Values) await subject.ReportAsync();
    }

    private async Task ReturnAsync()
    {
        foreach (var (subject, held) in buckets)
        {
            if (held.Requests is not null) await held.Requests.ReturnAsync();
            if (!limits.Records.ContainsKey(subject)) buckets.TryRemove(subject, out _);
        }
    }

    private async Task CountApisAsync()
    {
        try
        {
            link.Apis = await census.AnswerAsync(clock.GetUtcNow());
        }
        catch (Exception e) when (RedisFault.Is(e))
        {
            LogNotCounted(RedisFault.Describe(e));
        }
    }

    [LoggerMessage(LogLevel.Debug, "Apis could not be counted; the last count stands: {Reason}")]
    private partial void LogNotCounted(string reason);
}
