using System.Collections.Immutable;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Platform.SharedState.Access;

/// <summary>
/// A published set in memory. An announcement brings a change at once; asking for the revision twice a second mends a
/// lost one, so that a change is in force within a second wherever Redis can be reached.
/// </summary>
public sealed partial class PublishedSetFollower<T>(PublishedSet<T> set, TimeProvider clock, ILogger<PublishedSetFollower<T>> logger) : BackgroundService
    where T : class
{
    private static readonly TimeSpan CheckPeriod = TimeSpan.FromMilliseconds(500);

    /// <summary>However often somebody asks: what strangers can cause must not become a load on Redis.</summary>
    private static readonly TimeSpan CheckPause = TimeSpan.FromMilliseconds(20);

    private readonly SemaphoreSlim wake = new(0);
    private TaskCompletionSource nextCheck = NewCheck();
    private ImmutableDictionary<string, T> records = ImmutableDictionary<string, T>.Empty;
    private long? revision;
    private bool isRead;
    private bool isSubscribed;
    private long confirmedAt;
    private volatile bool isLost;

    /// <summary>Raised after <see cref="Records"/> changed, before anybody who waits for the change goes on.</summary>
    public event Action? Changed;

    /// <summary>All records by id.</summary>
    public ImmutableDictionary<string, T> Records => records;

    /// <summary>How long ago the records were known to be the latest; null while they were never read.</summary>
    public TimeSpan? Age => Volatile.Read(ref isRead) ? clock.GetElapsedTime(Volatile.Read(ref confirmedAt)) : null;

    /// <summary>Whether the last look at Redis failed.</summary>
    public bool IsLost => isLost;

    /// <summary>Ends when a look that began after this call is over, whatever came of it. Many callers share one look.</summary>
    public Task RefreshAsync(CancellationToken cancellation)
    {
        var check = Volatile.Read(ref nextCheck).Task;
        wake.Release();
        return check.WaitAsync(cancellation);
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (!stoppingToken.IsCancellationRequested)
        {
            var check = Interlocked.Exchange(ref nextCheck, NewCheck());
            await TryCheckAsync();
            check.TrySetResult();
            await WaitAsync(stoppingToken);
        }
    }

    private async Task TryCheckAsync()
    {
        var began = clock.GetTimestamp();
        try
        {
            if (!isSubscribed)
            {
                await set.SubscribeAsync(() => wake.Release());
                isSubscribed = true;
            }

            if (!isRead || await set.RevisionAsync() != revision) await ReadAsync();
            Volatile.Write(ref confirmedAt, began);
            Volatile.Write(ref isRead, true);
            if (isLost) LogReadAgain(typeof(T).Name);
            isLost = false;
        }
        catch (Exception e) when (RedisFault.Is(e))
        {
            // Said once; the next success says that it is over.
            if (!isLost) LogNotRead(typeof(T).Name, RedisFault.Describe(e));
            isLost = true;
        }
    }

    private async Task ReadAsync()
    {
        var (read, entries) = await set.LoadAsync();
        var next = ImmutableDictionary.CreateBuilder<string, T>();
        foreach (var (id, record) in entries)
        {
            if (record is null) LogUnreadable(typeof(T).Name, id);
            if ((record ?? records.GetValueOrDefault(id)) is { } known) next[id] = known;
        }

        records = next.ToImmutable();
        revision = read;
        Changed?.Invoke();
    }

    private async Task WaitAsync(CancellationToken cancellation)
    {
        await Task.Delay(CheckPause, clock, cancellation);
        using var timer = clock.CreateTimer(_ => wake.Release(), null, CheckPeriod - CheckPause, Timeout.InfiniteTimeSpan);
        await wake.WaitAsync(cancellation);
        // Many announcements are one reason to look once.
        while (wake.CurrentCount > 0) await wake.WaitAsync(cancellation);
    }

    private static TaskCompletionSource NewCheck() => new(TaskCreationOptions.RunContinuationsAsynchronously);

    [LoggerMessage(LogLevel.Warning, "{Records} could not be read from Redis ({Reason}); the last ones stay in force.")]
    private partial void LogNotRead(string records, string reason);

    [LoggerMessage(LogLevel.Error, "{Records} {Id} in Redis cannot be read; what was last known of it stays in force.")]
    private partial void LogUnreadable(string records, string id);

    [LoggerMessage(LogLevel.Information, "{Records} are read again.")]
    private partial void LogReadAgain(string records);
}
