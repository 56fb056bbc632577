using System.Text.Json;
using Platform.Core;
using Platform.Core.Models;
using StackExchange.Redis;

namespace Platform.SharedState.Models;

/// <summary>The model index at rest: one field a model, so that a change writes that one only.</summary>
public sealed class ModelIndexStore(IConnectionMultiplexer redis)
{
    public async Task<IReadOnlyList<ModelSummary>> LoadAllAsync() =>
    [
        .. (await redis.GetDatabase().HashGetAllAsync(Keys.ModelIndex))
            .Select(entry => JsonSerializer.Deserialize<ModelSummary>((string)entry.Value!, PlatformJson.Options)!),
    ];

    public Task PutAsync(ModelSummary summary) =>
        redis.GetDatabase().HashSetAsync(Keys.ModelIndex, summary.Name, JsonSerializer.Serialize(summary, PlatformJson.Options));

    public Task RemoveAsync(string model) => redis.GetDatabase().HashDeleteAsync(Keys.ModelIndex, model);
}
