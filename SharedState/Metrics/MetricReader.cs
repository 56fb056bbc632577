using Platform.Core.Measuring;
using StackExchange.Redis;

namespace Platform.SharedState.Metrics;

/// <summary>
/// What all processes counted. Whoever decides by it should not look at the last seconds
/// (<see cref="MetricRetention.Settling"/>): not every process has flushed them.
/// </summary>
public sealed class MetricReader(IConnectionMultiplexer redis)
{
    /// <summary>A process with a clock behind, or that flushes late, may have listed a version a little before its last count.</summary>
    private const int SlackMinutes = 60;

    private const int Minute = (int)MetricResolution.Minute;

    /// <param name="model">Its name; of one that was never counted nothing is found.</param>
    /// <param name="version">One version, or null for all that were counted.</param>
    public async Task<MetricReading> ReadAsync(string model, string? version, MetricWindow window)
    {
        var database = redis.GetDatabase();
        string[] versions = version is null ? await VersionsAsync(database, model, window) : [version];
        var table = new SeriesTable(model, window);
        if (window.Resolution is MetricResolution.Second) await ReadSecondsAsync(database, model, versions, window, table);
        else await new PackedReading(database, model, versions, window).ReadAsync(table);
        return table.ToReading();
    }

    private static async Task<string[]> VersionsAsync(IDatabase database, string model, MetricWindow window)
    {
        var since = window.From.ToUnixTimeSeconds() / Minute - SlackMinutes;
        var found = await database.SortedSetRangeByScoreAsync(Keys.MetricVersions(model), since);
        return [.. found.Select(version => (string)version!)];
    }

    private static async Task ReadSecondsAsync(
        IDatabase database, string model, string[] versions, MetricWindow window, SeriesTable table)
    {
        var (from, to) = (window.From.ToUnixTimeSeconds(), window.To.ToUnixTimeSeconds());
        var slots = versions.SelectMany(version => LongRange(from, to).Select(second => (Version: version, Second: second))).ToArray();
        var batch = database.CreateBatch();
        var reads = slots.Select(slot => batch.HashGetAllAsync(Keys.MetricSecond(model, slot.Version, slot.Second))).ToArray();
        batch.Execute();
        var read = await Task.WhenAll(reads);
        for (var i = 0; i < slots.Length; i++) table.Add(slots[i].Version, slots[i].Second, read[i]);
    }

    private static IEnumerable<long> LongRange(long from, long to)
    {
        for (var i = from; i < to; i++) yield return i;
    }
}
