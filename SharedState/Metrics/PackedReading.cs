using Platform.Core.Measuring;
using StackExchange.Redis;

namespace Platform.SharedState.Metrics;

/// <summary>
/// Reads a window from minutes or hours. Minutes are moved into their packed form while others read, so all is read in
/// one transaction; which slots it has to name is looked up before it, and once more when that had changed.
/// </summary>
internal sealed class PackedReading(IDatabase database, string model, string[] versions, MetricWindow window)
{
    private const int MaxTries = 5;
    private const int HoursInDay = 24;
    private const int MinutesInDay = HoursInDay * SlotPlan.MinutesInHour;

    public async Task ReadAsync(SeriesTable table)
    {
        var unfinished = await UnfinishedAsync(database);
        for (var tries = 1; ; tries++)
        {
            var transaction = database.CreateTransaction();
            var unfinishedNow = UnfinishedAsync(transaction);
            var reads = versions.SelectMany(version => Ask(transaction, version, SlotPlan.Of(window, version, unfinished))).ToArray();
            await transaction.ExecuteAsync();
            // A minute that was opened anew at each try has late processes adding to it: the next reading shows them.
            if (unfinished.Covers(await unfinishedNow) || tries == MaxTries)
            {
                foreach (var read in await Task.WhenAll(reads)) read(table);
                return;
            }

            unfinished = unfinished.Union(await unfinishedNow);
        }
    }

    private async Task<UnfinishedSlots> UnfinishedAsync(IDatabaseAsync asked)
    {
        var (from, to) = (window.From.ToUnixTimeSeconds() / SlotPlan.Minute, window.To.ToUnixTimeSeconds() / SlotPlan.Minute - 1);
        // Both are asked before either is awaited: in a transaction nothing answers until it is executed.
        var minutes = asked.SortedSetRangeByScoreAsync(Keys.MetricOpen(model), from, to);
        var hours = asked.HashKeysAsync(Keys.MetricHours(model));
        return new([.. (await minutes).Select(OpenSlot.Parse)], [.. (await hours).Select(OpenSlot.Parse)]);
    }

    private IEnumerable<Task<Action<SeriesTable>>> Ask(IDatabaseAsync transaction, string version, SlotPlan plan) =>
    [
        .. plan.Open.Select(minute => FieldsAsync(transaction, version, minute)),
        .. plan.Packed.GroupBy(minute => minute / MinutesInDay)
            .Select(day => PackedAsync(transaction, version, day.Key, 'm', SlotPlan.Minute, [.. day])),
        .. plan.Hours.GroupBy(hour => hour / HoursInDay)
            .Select(day => PackedAsync(transaction, version, day.Key, 'h', SlotPlan.Hour, [.. day])),
    ];

    private async Task<Action<SeriesTable>> FieldsAsync(IDatabaseAsync transaction, string version, long minute)
    {
        var fields = await transaction.HashGetAllAsync(Keys.MetricMinute(model, version, minute));
        return table => table.Add(version, minute * SlotPlan.Minute, fields);
    }

    private async Task<Action<SeriesTable>> PackedAsync(
        IDatabaseAsync transaction, string version, long day, char kind, int seconds, long[] slots)
    {
        var packed = await transaction.HashGetAsync(Keys.MetricDay(model, version, day), [.. slots.Select(slot => (RedisValue)$"{kind}{slot}")]);
        return table =>
        {
            for (var i = 0; i < slots.Length; i++) table.Add(version, slots[i] * seconds, packed[i]);
        };
    }
}
