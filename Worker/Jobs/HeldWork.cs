using Microsoft.Extensions.Options;
using Platform.Core.Jobs;
using Platform.SharedState;
using Platform.SharedState.Jobs;
using Platform.Worker.Serving;

namespace Platform.Worker.Jobs;

/// <summary>Does a piece of work, keeps its lease meanwhile, and says what becomes of it.</summary>
internal sealed partial class HeldWork(
    WorkLine line, ScanWork scan, ShardWork shards, FinishWork finish, ServedVersions versions, IOptions<JobWorkOptions> options, TimeProvider clock,
    ILogger<HeldWork> logger)
{
    /// <summary>False when it was not done.</summary>
    public async Task<bool> DoAsync(WorkLease lease, CancellationToken stopping)
    {
        using var lost = CancellationTokenSource.CreateLinkedTokenSource(stopping);
        var renewing = RenewAsync(lease, lost);
        try
        {
            var isDone = await TryAsync(lease, lost.Token);
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
    private async Task<bool> TryAsync(WorkLease lease, CancellationToken cancellation)
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
            LogNotRenewed(RedisFault.Describe(e));
            return true;
        }
    }

    [LoggerMessage(LogLevel.Debug, "A lease could not be renewed ({Reason}); it is tried again.")]
    private partial void LogNotRenewed(string reason);

    [LoggerMessage(LogLevel.Information, "{Item} was lost to another worker, or its job is over.")]
    private partial void LogLost(WorkItem item);

    [LoggerMessage(LogLevel.Warning, "{Item} was given back: {Reason}")]
    private partial void LogGivenBack(WorkItem item, string reason);

    // Not the message, which may cite a row; the job's errors have it.
    [LoggerMessage(LogLevel.Error, "{Item} failed with {Exception}: {At}")]
    private partial void LogFailed(WorkItem item, string exception, string? at);
}
