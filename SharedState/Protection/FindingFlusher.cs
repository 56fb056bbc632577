using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Platform.SharedState.Protection;

/// <summary>Brings findings to Redis each second, and what is left when the process stops.</summary>
public sealed partial class FindingFlusher(
    FindingCounts counts, FindingStore store, TimeProvider clock, ILogger<FindingFlusher> logger) : BackgroundService
{
    private static readonly TimeSpan Period = TimeSpan.FromSeconds(1);
    private bool isLost;

    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        await base.StopAsync(cancellationToken);
        await FlushAsync();
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Period, clock);
        while (await timer.WaitForNextTickAsync(stoppingToken)) await FlushAsync();
    }

    private async Task FlushAsync()
    {
        var taken = counts.Take();
        if (taken.Count == 0) return;
        try
        {
            await store.AddAsync(taken);
            isLost = false;
        }
        catch (Exception e) when (RedisFault.Is(e))
        {
            // Kept for later: there are few of them, one number for each version and reason.
            counts.Add(taken);
            if (!isLost) LogNotWritten(RedisFault.Describe(e));
            isLost = true;
        }
    }

    [LoggerMessage(LogLevel.Warning, "Findings of the input checks could not be written to Redis ({Reason}); they are kept until they can.")]
    private partial void LogNotWritten(string reason);
}
