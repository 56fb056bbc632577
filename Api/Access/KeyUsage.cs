using System.Collections.Concurrent;
using Platform.SharedState;
using Platform.SharedState.Access;

namespace Platform.Api.Access;

/// <summary>Notes when keys are used, in memory, and reports it once a second; a kill costs that second.</summary>
internal sealed partial class KeyUsage(ApiKeyUses uses, TimeProvider clock, ILogger<KeyUsage> logger) : BackgroundService
{
    private static readonly TimeSpan Period = TimeSpan.FromSeconds(1);

    /// <summary>Not more than there are keys, since only known ones are noted.</summary>
    private readonly ConcurrentDictionary<string, DateTimeOffset> pending = new();

    public void Note(string keyId) => pending[keyId] = clock.GetUtcNow();

    /// <summary>What was not reported yet.</summary>
    public DateTimeOffset? Pending(string keyId) => pending.TryGetValue(keyId, out var at) ? at : null;

    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        await base.StopAsync(cancellationToken);
        await ReportAsync();
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Period, clock);
        while (await timer.WaitForNextTickAsync(stoppingToken)) await ReportAsync();
    }

    private async Task ReportAsync()
    {
        var report = pending.ToArray();
        if (report.Length == 0) return;
        try
        {
            await uses.ReportAsync(report);
            // A use that was noted meanwhile stays for the next report.
            foreach (var use in report) pending.TryRemove(use);
        }
        catch (Exception e) when (RedisFault.Is(e))
        {
            LogKept(RedisFault.Describe(e));
        }
    }

    [LoggerMessage(LogLevel.Debug, "Uses of keys could not be reported and are kept: {Reason}")]
    private partial void LogKept(string reason);
}
