using System.Text.Json;
using Platform.Core;
using Platform.Core.Serving;
using StackExchange.Redis;

namespace Platform.SharedState.Plans;

/// <summary>Where the owner of a model puts its plan for all to follow.</summary>
public sealed class PlanStore(IConnectionMultiplexer redis)
{
    /// <summary>Replaces the plan and announces it. The single writer is the model's grain.</summary>
    public async Task PublishAsync(ModelPlan plan)
    {
        var database = redis.GetDatabase();
        await database.HashSetAsync(Keys.Plans, plan.Model, JsonSerializer.Serialize(plan, PlatformJson.Options));
        await database.PublishAsync(Keys.PlanChanged, plan.Model);
    }

    public async Task RemoveAsync(string model)
    {
        var database = redis.GetDatabase();
        await database.HashDeleteAsync(Keys.Plans, model);
        await database.PublishAsync(Keys.PlanChanged, model);
    }

    /// <summary>Every plan by its model; null where one cannot be read, as when a newer silo wrote it.</summary>
    internal async Task<IReadOnlyDictionary<string, ModelPlan?>> LoadAllAsync() =>
        (await redis.GetDatabase().HashGetAllAsync(Keys.Plans)).ToDictionary(entry => (string)entry.Name!, entry => Parse(entry.Value));

    private static ModelPlan? Parse(RedisValue json)
    {
        try
        {
            return JsonSerializer.Deserialize<ModelPlan>((string)json!, PlatformJson.Options);
        }
        catch (JsonException)
        {
            // The follower says so, and goes on by the last plan it could read.
            return null;
        }
    }
}
