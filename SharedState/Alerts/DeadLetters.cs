using System.Collections.Immutable;
using StackExchange.Redis;

namespace Platform.SharedState.Alerts;

/// <summary>A notification that a channel would not take.</summary>
/// <param name="Id">The idempotency key with which it was and would be sent.</param>
/// <param name="Group">Whose it is.</param>
/// <param name="Payload">Alertmanager's, version 4, whatever the channel's type.</param>
/// <param name="Fault">What the last attempt came to.</param>
public sealed record DeadLetter(string Id, string Channel, string Group, string Payload, int Attempts, string Fault, DateTimeOffset CreatedAt, DateTimeOffset FailedAt);

public sealed class DeadLetters(IConnectionMultiplexer redis)
{
    /// <summary>Of one channel; the oldest make room.</summary>
    public const int MaxLetters = 1000;

    public async Task AddAsync(DeadLetter letter)
    {
        var database = redis.GetDatabase();
        await database.HashSetAsync(Keys.DeadLetters(letter.Channel), letter.Id, AlertBoard.Write(letter));
        if (await database.HashLengthAsync(Keys.DeadLetters(letter.Channel)) <= MaxLetters) return;
        foreach (var old in (await ListAsync(letter.Channel)).Skip(MaxLetters)) await RemoveAsync(letter.Channel, old.Id);
    }

    /// <summary>Latest first.</summary>
    public async Task<ImmutableArray<DeadLetter>> ListAsync(string channel) =>
    [
        .. (await redis.GetDatabase().HashValuesAsync(Keys.DeadLetters(channel))).Select(json => AlertBoard.Read<DeadLetter>(json))
            .OrderByDescending(letter => letter.FailedAt).ThenBy(letter => letter.Id, StringComparer.Ordinal),
    ];

    public async Task<DeadLetter?> FindAsync(string channel, string id)
    {
        var json = await redis.GetDatabase().HashGetAsync(Keys.DeadLetters(channel), id);
        return json.IsNull ? null : AlertBoard.Read<DeadLetter>(json);
    }

    public Task RemoveAsync(string channel, string id) => redis.GetDatabase().HashDeleteAsync(Keys.DeadLetters(channel), id);
}
