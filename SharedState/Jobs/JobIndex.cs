using StackExchange.Redis;

namespace Platform.SharedState.Jobs;

/// <summary>Which jobs there are, and which of them are to be driven. Ids sort by the time at which they were given.</summary>
public sealed class JobIndex(IConnectionMultiplexer redis)
{
    public async Task AddAsync(string job, string model)
    {
        await redis.GetDatabase().SetAddAsync(Keys.OpenJobs, job);
        await redis.GetDatabase().HashSetAsync(Keys.Jobs, job, model);
    }

    public Task CloseAsync(string job) => redis.GetDatabase().SetRemoveAsync(Keys.OpenJobs, job);

    public async Task RemoveAsync(string job)
    {
        await CloseAsync(job);
        await redis.GetDatabase().HashDeleteAsync(Keys.Jobs, job);
    }

    public Task<long> CountAsync() => redis.GetDatabase().HashLengthAsync(Keys.Jobs);

    /// <summary>The newest first, each with its model.</summary>
    public async Task<IReadOnlyList<KeyValuePair<string, string>>> ListAsync() =>
    [
        .. (await redis.GetDatabase().HashGetAllAsync(Keys.Jobs))
            .Select(entry => KeyValuePair.Create((string)entry.Name!, (string)entry.Value!))
            .OrderByDescending(entry => entry.Key, StringComparer.Ordinal),
    ];

    public async Task<IReadOnlyList<string>> OpenAsync() =>
        [.. (await redis.GetDatabase().SetMembersAsync(Keys.OpenJobs)).Select(job => (string)job!)];
}
