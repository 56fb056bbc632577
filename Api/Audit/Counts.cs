using Microsoft.Extensions.Options;
using Platform.Contracts;
using Platform.Core.Audit;

namespace Platform.Api.Audit;

/// <summary>
/// What comes from strangers is counted and written together, so that nobody can fill the log by knocking: a period
/// adds at most one entry for each of a few addresses and one for all others, of each kind.
/// </summary>
internal sealed partial class Counts(AuditWriter writer, IOptions<TrailOptions> options, TimeProvider clock, ILogger<Counts> logger) : BackgroundService
{
    public const string SignInFailed = "sign_in.failed";
    public const string NotRecorded = "changes.not_recorded";
    private const string Others = "others";
    private readonly Lock turn = new();
    private Dictionary<(string Kind, string Address), long> counts = [];
    private double allowance = options.Value.StrangersPerMinute;
    private long refilled = clock.GetTimestamp();

    public void Add(string kind, string? address, long count = 1)
    {
        lock (turn)
        {
            var key = (kind, address ?? Others);
            if (!counts.ContainsKey(key) && counts.Keys.Count(known => known.Kind == kind) >= options.Value.CountedAddresses) key = (kind, Others);
            counts[key] = counts.GetValueOrDefault(key) + count;
        }
    }

    /// <summary>Whether a stranger's call may have an entry of its own just now.</summary>
    public bool TryTakeEntry()
    {
        lock (turn)
        {
            var now = clock.GetTimestamp();
            var minutes = clock.GetElapsedTime(refilled, now).TotalMinutes;
            (allowance, refilled) = (Math.Min(options.Value.StrangersPerMinute, allowance + (minutes * options.Value.StrangersPerMinute)), now);
            if (allowance < 1) return false;
            allowance--;
            return true;
        }
    }

    /// <summary>Writes what was counted since the last time.</summary>
    public async Task FlushAsync()
    {
        Dictionary<(string Kind, string Address), long> taken;
        lock (turn) (taken, counts) = (counts, []);
        try
        {
            await Task.WhenAll(taken.Select(async counted =>
            {
                await writer.WriteAsync(new AuditEntry(
                    Guid.CreateVersion7(), At: default, AuditPhase.Counted, "anonymous", counted.Key.Kind, Address: counted.Key.Address, Count: counted.Value));
                lock (turn) taken.Remove(counted.Key);
            }));
        }
        catch (ControlPlaneUnavailableException e)
        {
            LogKept(taken.Count, e.Message);
            foreach (var ((kind, address), count) in taken.ToArray()) Add(kind, address == Others ? null : address, count);
        }
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(options.Value.CountPeriod, clock);
        try
        {
            while (await timer.WaitForNextTickAsync(stoppingToken)) await FlushAsync();
        }
        catch (OperationCanceledException)
        {
            // The end; what was counted last is still to be written.
            await FlushAsync();
        }
    }

    [LoggerMessage(LogLevel.Warning, "{Count} counts of sign-in failures wait for the audit log: {Reason}")]
    private partial void LogKept(int count, string reason);
}
