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

    private bool isLost;

    /// <summary>Raised after <see cref="Workers"/> was read anew.</summary>
    public event Action? Changed;

    public ImmutableArray<WorkerLease> Workers => workers;

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        var subscribed = false;
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                if (!subscribed)
                {
                    await redis.GetSubscriber().SubscribeAsync(Keys.WorkerChanged, (_, _) => wake.Release());
                    subscribed = true;
                }

                workers = [.. (await leases.LoadAllAsync()).OrderBy(worker => worker.Id, StringComparer.Ordinal)];
                Changed?.Invoke();
                if (isLost) LogReadAgain();
                isLost = false;
            }
            catch (Exception e) when (RedisFault.Is(e))
            {
                // Said once; the next success says that it is over.
                if (!isLost) LogNotRead(RedisFault.Describe(e));
                isLost = true;
            }

            using var timer = clock.CreateTimer(_ => wake.Release(), null, Period, Timeout.InfiniteTimeSpan);
            await wake.WaitAsync(stoppingToken);
            while (wake.CurrentCount > 0) await wake.WaitAsync(stoppingToken);
        }
    }

    [LoggerMessage(LogLevel.Warning, "Worker leases could not be read from Redis ({Reason}); the last known workers stay listed.")]
    private partial void LogNotRead(string reason);

    [LoggerMessage(LogLevel.Information, "Worker leases are read again.")]
    private partial void LogReadAgain();
}
