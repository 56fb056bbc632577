using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Platform.Core.Serving;

namespace Platform.SharedState.Statistics;

/// <summary>What a process counts of versions for V2's statistics.</summary>
public interface IStatisticsSource
{
    /// <summary>What was counted since the last call.</summary>
    IEnumerable<(string Model, string Version, InferenceCounters Counted)> Take();
}

/// <summary>
/// Adds what this process counted to the platform's totals: each second, whenever somebody wants to read them, and when it
/// stops. Nothing that was shown can be lost with the process, since only what was added is shown.
/// </summary>
public sealed partial class StatisticsFlusher(
    IStatisticsSource source, StatisticsStore store, TimeProvider clock, ILogger<StatisticsFlusher> logger) : BackgroundService
{
    private static readonly TimeSpan Period = TimeSpan.FromSeconds(1);
    private readonly SemaphoreSlim turn = new(1);

    /// <summary>Taken from the counters and not yet added; kept when Redis is away.</summary>
    private readonly Queue<(string Model, string Version, InferenceCounters Counted)> pending = new();
    private bool isLost;

    /// <summary>Adds everything that was counted until now; false when Redis is away.</summary>
    public async Task<bool> FlushAsync(CancellationToken cancellation)
    {
        await turn.WaitAsync(cancellation);
        try
        {
            await FlushInTurnAsync();
            if (isLost) LogWritten();
            isLost = false;
        }
        catch (Exception e) when (RedisFault.Is(e))
        {
            // Said once; the next success says that it is over.
            if (!isLost) LogNotWritten(RedisFault.Describe(e));
            isLost = true;
        }
        finally
        {
            turn.Release();
        }

        return !isLost;
    }

    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        await base.StopAsync(cancellationToken);
        await FlushAsync(cancellationToken);
    }

    public override void Dispose()
    {
        turn.Dispose();
        base.Dispose();
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Period, clock);
        while (await timer.WaitForNextTickAsync(stoppingToken)) await FlushAsync(stoppingToken);
    }

    private async Task FlushInTurnAsync()
    {
        // While something waits the counters go on counting, so that a long absence of Redis does not fill the queue.
        if (pending.Count == 0)
        {
            foreach (var counted in source.Take()) pending.Enqueue(counted);
        }

        while (pending.TryPeek(out var next))
        {
            await store.AddAsync(next.Model, next.Version, next.Counted);
            pending.Dequeue();
        }
    }

    [LoggerMessage(LogLevel.Warning, "Statistics could not be written to Redis ({Reason}); this process counts on.")]
    private partial void LogNotWritten(string reason);

    [LoggerMessage(LogLevel.Information, "Statistics are written again.")]
    private partial void LogWritten();
}
