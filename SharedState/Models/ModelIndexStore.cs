using System.Text.Json;
using Platform.Core;
using Platform.Core.Models;
using StackExchange.Redis;

namespace Platform.SharedState.Models;

/// <summary>The index at rest: one field a model and one a version, so that a change writes that one only.</summary>
public sealed class ModelIndexStore(IConnectionMultiplexer redis)
{
    public Task<IReadOnlyList<ModelSummary>> LoadModelsAsync() => LoadAsync<ModelSummary>(Keys.ModelIndex);

    public Task<IReadOnlyList<VersionSummary>> LoadVersionsAsync() => LoadAsync<VersionSummary>(Keys.VersionIndex);

    public Task PutAsync(ModelSummary summary) =>
        redis.GetDatabase().HashSetAsync(Keys.ModelIndex, summary.Name, JsonSerializer.Serialize(summary, PlatformJson.Options));

    public Task PutAsync(VersionSummary row) =>
        redis.GetDatabase().HashSetAsync(Keys.VersionIndex, Field(row), JsonSerializer.Serialize(row, PlatformJson.Options));

    public Task RemoveAsync(string model) => redis.GetDatabase().HashDeleteAsync(Keys.ModelIndex, model);

    public Task RemoveAsync(VersionSummary row) => redis.GetDatabase().HashDeleteAsync(Keys.VersionIndex, Field(row));

    private async Task<IReadOnlyList<T>> LoadAsync<T>(RedisKey key) =>
    [
        .. (await redis.GetDatabase().HashGetAllAsync(key))
            .Select(entry => JsonSerializer.Deserialize<T>((string)entry.Value!, PlatformJson.Options)!),
    ];

    private static string Field(VersionSummary row) => $"{row.Model}@{VersionNumber.Canonical(row.Version)}";
}
