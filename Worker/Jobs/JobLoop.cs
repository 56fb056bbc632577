using Microsoft.Extensions.Options;
using Platform.Core.Jobs;
using Platform.SharedState;
using Platform.SharedState.Jobs;
using Platform.Worker.Serving;

namespace Platform.Worker.Jobs;

/// <summary>Takes work on jobs while there is any, and keeps its lease while it is at it.</summary>
internal sealed partial class JobLoop(
    WorkLine line,
    ScanWork scan,
    ShardWork shards,
    FinishWork finish,
    ServedVersions versions,
    WorkerState state,
    IOptions<JobWorkOptions> options,
    TimeProvider clock,
    ILogger<JobLoop> logger) : BackgroundService
{
    private static readonly TimeSpan ReclaimPeriod = TimeSpan.FromSeconds(1);
    private long reclaimed;

    protected override Task ExecuteAsync(CancellationToken stoppingToken) =>
        Task.WhenAll(Enumerable.Range(0, options.Value.Concurrency).Select(_ => Task.Run(() => LoopAsync(stoppingToken), stoppingToken)));

    private async Task LoopAsync(CancellationToken stopping)
    {
        while (!stopping.IsCancellationRequested)
        {
            if (!await TryWorkAsync(stopping)) await Task.Delay(options.Value.PollPeriod, clock, stopping);
        }
    }

    /// <summary>False when there was nothing to do, or nothing could be done.</summary>
    private async Task<bool> TryWorkAsync(CancellationToken stopping)
    {
        try
        {
            await ReclaimAsync();
            if (state.IsDraining) return false;
            if (await line.TakeAsync(state.Id, Serves, clock.GetUtcNow() + options.Value.LeaseDuration) is not { } lease) return false;
            return await HoldAsync(lease, stopping);
        }
        catch (Exception e) when (RedisFault.Is(e))
        {
            LogNoQueue(RedisFault.Describe(e));
            return false;
        }
        catch (Exception e) when (e is not OperationCanceledException)
        {
            // A worker that cannot do its jobs still answers requests.
            LogStumbled(e);
            return false;
        }
    }

    /// <summary>One of the loops looks, for all workers, whether somebody died over his work.</summary>
    private async Task ReclaimAsync()
    {
        var last = Volatile.Read(ref reclaimed);
        if (clock.GetElapsedTime(last) < ReclaimPeriod || Interlocked.CompareExchange(ref reclaimed, clock.GetTimestamp(), last) != last) return;
        await line.ReclaimAsync(clock.GetUtcNow(), options.Value.MaxLosses);
    }

    private async Task<bool> HoldAsync(WorkLease lease, CancellationToken stopping)
    {
        using var lost = CancellationTokenSource.CreateLinkedTokenSource(stopping);
        var renewing = RenewAsync(lease, lost);
        try
        {
            var isDone = await DoAsync(lease, lost.Token);
            if (isDone) await line.EndAsync(lease);
            else await line.GiveBackAsync(lease);
            return isDone;
        }
        catch (OperationCanceledException) when (lost.IsCancellationRequested)
        {
            // On the way out it goes to others at once. A lease that was lost is somebody else's already, or the job is over.
            await line.GiveBackAsync(lease);
            return false;
        }
        catch (Exception e) when (RedisFault.Is(e) || (e is IOException and not FileNotFoundException))
        {
            // The stores' trouble is not the work's fault.
            LogGivenBack(lease.Item, e.Message);
            await line.GiveBackAsync(lease);
            return false;
        }
        catch (Exception e) when (e is not OperationCanceledException)
        {
            LogFailed(lease.Item, e.GetType().Name, e.StackTrace);
            await line.FailAsync(lease, $"It failed: {e.Message}", options.Value.MaxLosses);
            return false;
        }
        finally
        {
            await lost.CancelAsync();
            await renewing;
        }
    }

    /// <summary>False when this worker cannot do it just now.</summary>
    private async Task<bool> DoAsync(WorkLease lease, CancellationToken cancellation)
    {
        var order = lease.Order;
        switch (lease.Item.Kind)
        {
            case WorkKind.Scan:
                await scan.DoAsync(order, cancellation);
                return true;
            case WorkKind.Finish:
                await finish.DoAsync(order, cancellation);
                return true;
            default:
                if (!versions.TryUse(order.Model, order.Version.Version, out var version)) return false;
                using (version)
                {
                    if (version.Id.Sha256 != order.Version.Artifact.Sha256) return false;
                    await shards.DoAsync(order, lease.Shard!, version, cancellation);
                    return true;
                }
        }
    }

    private async Task RenewAsync(WorkLease lease, CancellationTokenSource lost)
    {
        using var timer = new PeriodicTimer(options.Value.LeaseDuration / 3, clock);
        try
        {
            while (await timer.WaitForNextTickAsync(lost.Token))
            {
                if (await TryRenewAsync(lease)) continue;
                LogLost(lease.Item);
                await lost.CancelAsync();
            }
        }
        catch (OperationCanceledException)
        {
            // The work is over, or this was the end of it.
        }
    }

    /// <summary>False when it is known to be lost; while Redis is away nobody else can take it either.</summary>
    private async Task<bool> TryRenewAsync(WorkLease lease)
    {
        try
        {
            return await line.RenewAsync(lease, clock.GetUtcNow() + options.Value.LeaseDuration);
        }
        catch (Exception e) when (RedisFault.Is(e))
        {
            LogNoQueue(RedisFault.Describe(e));
            return true;
        }
    }

    private bool Serves(string queue) => queue == WorkQueues.Anyone
        || versions.All.Any(version => WorkQueues.Of(version.Id.Model, version.Id.Version, version.Id.Sha256) == queue);

    [LoggerMessage(LogLevel.Debug, "The queue of jobs does not answer ({Reason}); it is asked again.")]
    private partial void LogNoQueue(string reason);

    [LoggerMessage(LogLevel.Information, "{Item} was lost to another worker, or its job is over.")]
    private partial void LogLost(WorkItem item);

    [LoggerMessage(LogLevel.Warning, "{Item} was given back: {Reason}")]
    private partial void LogGivenBack(WorkItem item, string reason);

    [LoggerMessage(LogLevel.Error, "Work on jobs stumbled; it goes on.")]
    private partial void LogStumbled(Exception exception);

    // Not the message, which may cite a row; the job's errors have it.
    [LoggerMessage(LogLevel.Error, "{Item} failed with {Exception}: {At}")]
    private partial void LogFailed(WorkItem item, string exception, string? at);
}
