using System.Collections.Immutable;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Platform.Core.Serving;
using StackExchange.Redis;

namespace Platform.SharedState.Workers;

/// <summary>
/// The workers whose leases are alive, in memory: read each second and at every announcement. While Redis is away
/// the last known workers stay listed, since they may well be alive; a caller finds out by calling.
/// </summary>
public sealed partial class WorkerDirectory(
    IConnectionMultiplexer redis, WorkerLeases leases, TimeProvider clock, ILogger<WorkerDirectory> logger) : BackgroundService
{
    private static readonly TimeSpan Period = TimeSpan.FromSeconds(1);
    private readonly SemaphoreSlim wake = new(0);
    private ImmutableArray<WorkerLease> workers = [];
    private TaskCompletionSource<bool> next = NewRead();
    private bool isLost;
    private long? graceBegan;

    /// <summary>Whether the workers were read at least once since the start.</summary>
    public bool HasRead { get; private set; }

    /// <summary>Raised after <see cref="Workers"/> was read anew.</summary>
    public event Action? Changed;

    public ImmutableArray<WorkerLease> Workers => workers;

    /// <summary>Reads them now; ends with the first reading that began after the call, and says whether it succeeded.</summary>
    public Task<bool> ReadAgainAsync()
    {
        var read = Volatile.Read(ref next).Task;
        wake.Release();
        return read;
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        var subscribed = false;
        while (!stoppingToken.IsCancellationRequested)
        {
            var reading = Interlocked.Exchange(ref next, NewRead());
            try
            {
                if (!subscribed)
                {
                    await redis.GetSubscriber().SubscribeAsync(Keys.WorkerChanged, (_, _) => wake.Release());
                    subscribed = true;
                }

                Adopt(await leases.LoadAllAsync());
                HasRead = true;
                Changed?.Invoke();
            }
            catch (Exception e) when (RedisFault.Is(e))
            {
                // Said once; the next success says that it is over.
                if (!isLost) LogNotRead(RedisFault.Describe(e));
                isLost = true;
            }

            reading.SetResult(!isLost);
            using var timer = clock.CreateTimer(_ => wake.Release(), null, Period, Timeout.InfiniteTimeSpan);
            await wake.WaitAsync(stoppingToken);
            while (wake.CurrentCount > 0) await wake.WaitAsync(stoppingToken);
        }
    }

    private static TaskCompletionSource<bool> NewRead() => new(TaskCreationOptions.RunContinuationsAsynchronously);

    private void Adopt(IReadOnlyList<WorkerLease> read)
    {
        if (isLost)
        {
            LogReadAgain();
            graceBegan = clock.GetTimestamp();
        }

        isLost = false;
        // While Redis was away no lease was renewed, so right after it every worker looks gone until it has spoken again.
        var inGrace = graceBegan is { } began && clock.GetElapsedTime(began) < WorkerLeases.Duration;
        var known = inGrace ? read.UnionBy(workers, worker => worker.Id) : read;
        workers = [.. known.OrderBy(worker => worker.Id, StringComparer.Ordinal)];
    }

    [LoggerMessage(LogLevel.Warning, "Worker leases could not be read from Redis ({Reason}); the last known workers stay listed.")]
    private partial void LogNotRead(string reason);

    [LoggerMessage(LogLevel.Information, "Worker leases are read again.")]
    private partial void LogReadAgain();
}
