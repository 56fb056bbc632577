using StackExchange.Redis;

namespace Platform.SharedState.Driven;

/// <summary>What is driven by a grain step by step.</summary>
public enum WorkKind
{
    Rollout,
    Experiment,
}

/// <summary>Which grains have work under way, so that a silo can take over those of one that died without waiting for a reminder.</summary>
public sealed class OpenWork(IConnectionMultiplexer redis)
{
    public Task AddAsync(WorkKind kind, string grain) => redis.GetDatabase().SetAddAsync(KeyOf(kind), grain);

    public Task RemoveAsync(WorkKind kind, string grain) => redis.GetDatabase().SetRemoveAsync(KeyOf(kind), grain);

    public async Task<IReadOnlyList<string>> ListAsync(WorkKind kind) =>
        [.. (await redis.GetDatabase().SetMembersAsync(KeyOf(kind))).Select(grain => (string)grain!)];

    private static RedisKey KeyOf(WorkKind kind) => kind is WorkKind.Rollout ? Keys.OpenRollouts : Keys.OpenExperiments;
}
