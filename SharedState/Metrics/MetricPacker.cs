using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Platform.Core.Measuring;
using StackExchange.Redis;

namespace Platform.SharedState.Metrics;

/// <summary>Packs minutes and hours that are over, of all models, every few seconds.</summary>
internal sealed partial class MetricPacker(IConnectionMultiplexer redis, TimeProvider clock, ILogger<MetricPacker> logger) : BackgroundService
{
    private const int AtATime = 16;
    private static readonly TimeSpan Period = TimeSpan.FromSeconds(10);

    /// <summary>How long after its end a slot is left alone, since processes add to it a little late.</summary>
    private static readonly TimeSpan Grace = TimeSpan.FromSeconds(20);

    /// <summary>Until a model's last minute and its hour are packed. What is older has been seen to.</summary>
    private static readonly TimeSpan Recent = TimeSpan.FromHours(3);

    private bool sawAll;
    private bool isLost;

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Period, clock);
        while (await timer.WaitForNextTickAsync(stoppingToken))
        {
            try
            {
                await PackAsync();
                if (isLost) LogPacksAgain();
                isLost = false;
            }
            catch (Exception e) when (RedisFault.Is(e) || e is InvalidDataException)
            {
                // After it, models that were last counted before the fault may have been left out.
                sawAll = false;
                if (!isLost) LogNotPacked(e is InvalidDataException ? e.Message : RedisFault.Describe(e));
                isLost = true;
            }
        }
    }

    /// <summary>Packs all that is over now.</summary>
    internal async Task PackAsync()
    {
        var database = redis.GetDatabase();
        var now = clock.GetUtcNow();
        var since = sawAll ? MinuteOf(now - Recent) : double.NegativeInfinity;
        var models = await database.SortedSetRangeByScoreAsync(Keys.MetricModels, since);
        foreach (var some in models.Chunk(AtATime)) await Task.WhenAll(some.Select(model => PackAsync(database, (string)model!, now)));
        await database.SortedSetRemoveRangeByScoreAsync(Keys.MetricModels, double.NegativeInfinity, MinuteOf(now - MetricRetention.Minutes));
        sawAll = true;
    }

    private static async Task PackAsync(IDatabase database, string model, DateTimeOffset now)
    {
        var packing = new MinutePacking(database, model);
        var end = MinuteOf(now - Grace);
        var open = await database.SortedSetRangeByScoreAsync(Keys.MetricOpen(model), double.NegativeInfinity, end - 1);
        foreach (var some in open.Chunk(AtATime)) await Task.WhenAll(some.Select(member => packing.PackMinuteAsync(OpenSlot.Parse(member), now)));

        foreach (var unsummed in await database.HashGetAllAsync(Keys.MetricHours(model)))
        {
            var hour = OpenSlot.Parse(unsummed.Name);
            if ((hour.Number + 1) * SlotPlan.MinutesInHour <= end) await packing.PackHourAsync(hour, unsummed.Value, now);
        }

        await database.SortedSetRemoveRangeByScoreAsync(
            Keys.MetricVersions(model), double.NegativeInfinity, MinuteOf(now - MetricRetention.Minutes));
    }

    private static long MinuteOf(DateTimeOffset time) => time.ToUnixTimeSeconds() / SlotPlan.Minute;

    [LoggerMessage(LogLevel.Warning, "Minutes of metrics could not be packed ({Reason}); they stay as they are until they can.")]
    private partial void LogNotPacked(string reason);

    [LoggerMessage(LogLevel.Information, "Minutes of metrics are packed again.")]
    private partial void LogPacksAgain();
}
