using StackExchange.Redis;

namespace Platform.SharedState.Limits;

/// <summary>How many Apis there are, by who said so lately: what each one's share of a limit is while Redis is away.</summary>
public sealed class ApiCensus(IConnectionMultiplexer redis)
{
    private static readonly TimeSpan Lifetime = TimeSpan.FromSeconds(15);
    private readonly string id = $"{Guid.NewGuid():n}";

    /// <summary>Says that this one is there, and answers how many are.</summary>
    public async Task<int> AnswerAsync(DateTimeOffset now)
    {
        var database = redis.GetDatabase();
        await database.SortedSetAddAsync(Keys.Apis, id, now.ToUnixTimeMilliseconds());
        await database.SortedSetRemoveRangeByScoreAsync(Keys.Apis, double.NegativeInfinity, (now - Lifetime).ToUnixTimeMilliseconds());
        return Math.Max(1, (int)await database.SortedSetLengthAsync(Keys.Apis));
    }
}
