using Microsoft.Extensions.Options;
using Platform.SharedState;
using Platform.SharedState.Jobs;
using Platform.Worker.Serving;

namespace Platform.Worker.Jobs;

/// <summary>Takes work on jobs while there is any, so many pieces at a time.</summary>
internal sealed partial class JobLoop(
    WorkLine line, HeldWork held, ServedVersions versions, WorkerState state, IOptions<JobWorkOptions> options, TimeProvider clock, ILogger<JobLoop> logger)
    : BackgroundService
{
    private static readonly TimeSpan ReclaimPeriod = TimeSpan.FromSeconds(1);
    private readonly WorkPlaces places = new(options.Value.Concurrency);
    private long reclaimed;

    public override void Dispose()
    {
        places.Dispose();
        base.Dispose();
    }

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
            return !state.IsDraining && await WorkAsync(stopping);
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

    private async Task<bool> WorkAsync(CancellationToken stopping)
    {
        using (await places.EnterAsync(stopping))
        {
            if (await TakeAsync() is not { } lease) return false;
            if (!lease.IsSuspect) return await held.DoAsync(lease, stopping);
            // Not kept while waiting to be alone: what the others die of would be held against it.
            await line.GiveBackAsync(lease);
        }

        using var alone = await places.EnterAloneAsync(stopping);
        return await TakeAsync() is { } first && await held.DoAsync(first, stopping);
    }

    private Task<WorkLease?> TakeAsync() => line.TakeAsync(state.Id, Serves, clock.GetUtcNow() + options.Value.LeaseDuration);

    /// <summary>One of the loops looks, for all workers, whether somebody died over his work.</summary>
    private async Task ReclaimAsync()
    {
        var last = Volatile.Read(ref reclaimed);
        if (clock.GetElapsedTime(last) < ReclaimPeriod || Interlocked.CompareExchange(ref reclaimed, clock.GetTimestamp(), last) != last) return;
        await line.ReclaimAsync(clock.GetUtcNow(), options.Value.MaxLosses);
    }

    private bool Serves(string queue) => queue == WorkQueues.Anyone
        || versions.All.Any(version => WorkQueues.Of(version.Id.Model, version.Id.Version, version.Id.Sha256) == queue);

    [LoggerMessage(LogLevel.Debug, "The queue of jobs does not answer ({Reason}); it is asked again.")]
    private partial void LogNoQueue(string reason);

    [LoggerMessage(LogLevel.Error, "Work on jobs stumbled; it goes on.")]
    private partial void LogStumbled(Exception exception);
}
