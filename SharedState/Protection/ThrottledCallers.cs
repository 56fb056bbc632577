using System.Globalization;
using StackExchange.Redis;

namespace Platform.SharedState.Protection;

/// <summary>A caller that is slowed down on a model.</summary>
public sealed record ThrottledCaller(string Model, string Caller, DateTimeOffset Until);

/// <summary>Who is slowed down, for all Apis.</summary>
public sealed class ThrottledCallers(IConnectionMultiplexer redis, TimeProvider clock)
{
    private const char Separator = '|';

    /// <summary>Slows it down until then; never for less than was said before.</summary>
    public Task AddAsync(ThrottledCaller caller) => redis.GetDatabase().SortedSetUpdateAsync(
        Keys.ThrottledCallers, Member(caller.Model, caller.Caller), caller.Until.ToUnixTimeMilliseconds(), SortedSetWhen.Always);

    public Task<bool> RemoveAsync(string model, string caller) =>
        redis.GetDatabase().SortedSetRemoveAsync(Keys.ThrottledCallers, Member(model, caller));

    /// <summary>Those that are slowed down now; the others are forgotten.</summary>
    public async Task<IReadOnlyList<ThrottledCaller>> ReadAsync()
    {
        var (database, now) = (redis.GetDatabase(), clock.GetUtcNow().ToUnixTimeMilliseconds());
        await database.SortedSetRemoveRangeByScoreAsync(Keys.ThrottledCallers, double.NegativeInfinity, now);
        var found = await database.SortedSetRangeByScoreWithScoresAsync(Keys.ThrottledCallers, now);
        return [.. found.Select(entry => Parse((string)entry.Element!, entry.Score))];
    }

    private static string Member(string model, string caller) => string.Create(CultureInfo.InvariantCulture, $"{model}{Separator}{caller}");

    private static ThrottledCaller Parse(string member, double until)
    {
        var at = member.IndexOf(Separator, StringComparison.Ordinal);
        return new(member[..at], member[(at + 1)..], DateTimeOffset.FromUnixTimeMilliseconds((long)until));
    }
}
