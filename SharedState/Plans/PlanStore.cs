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

    internal async Task<ModelPlan?> LoadAsync(string model)
    {
        var json = await redis.GetDatabase().HashGetAsync(Keys.Plans, model);
        return json.IsNull ? null : Parse(json);
    }

    internal async Task<IReadOnlyList<ModelPlan>> LoadAllAsync() =>
        [.. (await redis.GetDatabase().HashGetAllAsync(Keys.Plans)).Select(entry => Parse(entry.Value))];

    private static ModelPlan Parse(RedisValue json) =>
        JsonSerializer.Deserialize<ModelPlan>((string)json!, PlatformJson.Options)
        ?? throw new InvalidDataException("A plan in Redis is null.");
}
