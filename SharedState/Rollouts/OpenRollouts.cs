using StackExchange.Redis;

namespace Platform.SharedState.Rollouts;

/// <summary>Which rollouts are to be driven, so that a silo can take over those of one that died without waiting for a reminder.</summary>
public sealed class OpenRollouts(IConnectionMultiplexer redis)
{
    public Task AddAsync(string rollout) => redis.GetDatabase().SetAddAsync(Keys.OpenRollouts, rollout);

    public Task RemoveAsync(string rollout) => redis.GetDatabase().SetRemoveAsync(Keys.OpenRollouts, rollout);

    public async Task<IReadOnlyList<string>> ListAsync() =>
        [.. (await redis.GetDatabase().SetMembersAsync(Keys.OpenRollouts)).Select(rollout => (string)rollout!)];
}
