using System.Collections.Immutable;
using System.Text.Json;
using Platform.Core;
using Platform.Core.Alerts.Machine;
using StackExchange.Redis;

namespace Platform.SharedState.Alerts;

/// <summary>An alert as everybody may see it.</summary>
/// <param name="Condition">Why the rule's condition was last judged as it was.</param>
/// <param name="InhibitedBy">What keeps it from being notified, where its rule knows.</param>
public sealed record BoardAlert(
    string Rule, ActiveAlert Alert, ImmutableSortedDictionary<string, string> Annotations, ImmutableArray<string> Channels, string Condition, string? InhibitedBy);

/// <summary>Something that an alert did.</summary>
/// <param name="From">The state before; null if there was none.</param>
/// <param name="To">The state after; null when it was forgotten.</param>
public sealed record AlertEvent(
    DateTimeOffset At, string Rule, string Fingerprint, ImmutableSortedDictionary<string, string> Labels,
    AlertState? From, AlertState? To, string Reason, double? Value);

/// <summary>The alerts of all rules, each written by its rule alone, and what they did.</summary>
public sealed class AlertBoard(IConnectionMultiplexer redis)
{
    /// <summary>Of the events of all rules together; the oldest go first.</summary>
    public const int MaxEvents = 20_000;

    public async Task PublishAsync(string rule, IReadOnlyCollection<BoardAlert> alerts, IReadOnlyCollection<AlertEvent> events)
    {
        var database = redis.GetDatabase();
        if (events.Count > 0)
        {
            // The same event again is the same member, so that publishing twice after a crash tells of it once.
            await database.SortedSetAddAsync(Keys.AlertHistory, [.. events.Select(one => new SortedSetEntry(Write(one), one.At.ToUnixTimeMilliseconds()))]);
            await database.SortedSetRemoveRangeByRankAsync(Keys.AlertHistory, 0, -MaxEvents - 1);
        }

        if (alerts.Count > 0) await database.HashSetAsync(Keys.AlertBoard, rule, Write(alerts));
        else await database.HashDeleteAsync(Keys.AlertBoard, rule);
    }

    public async Task<ImmutableArray<BoardAlert>> ReadAsync() =>
        [.. (await redis.GetDatabase().HashValuesAsync(Keys.AlertBoard)).SelectMany(json => Read<BoardAlert[]>(json))];

    /// <summary>Latest first.</summary>
    public async Task<ImmutableArray<AlertEvent>> HistoryAsync(DateTimeOffset from, DateTimeOffset to, int skip, int take) =>
    [
        .. (await redis.GetDatabase().SortedSetRangeByScoreAsync(
            Keys.AlertHistory, from.ToUnixTimeMilliseconds(), to.ToUnixTimeMilliseconds(), order: Order.Descending, skip: skip, take: take)).Select(json => Read<AlertEvent>(json)),
    ];

    internal static string Write<T>(T value) => JsonSerializer.Serialize(value, PlatformJson.Options);

    internal static T Read<T>(RedisValue json) => JsonSerializer.Deserialize<T>((string)json!, PlatformJson.Options)!;
}
