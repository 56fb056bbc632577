using System.Text.Json;
using Platform.Core.Serving;

namespace Platform.Core.Tests.Serving;

public sealed class DeploymentRulesTests
{
    public static readonly TheoryData<string?, DeploymentConfig> Cases = new()
    {
        { null, new() },
        { null, new(Replicas: 1) },
        { null, new(Replicas: DeploymentRules.MaxReplicas) },
        { "config.replicas", new(Replicas: 0) },
        { "config.replicas", new(Replicas: DeploymentRules.MaxReplicas + 1) },
        { null, new(Limits: new(1, TimeSpan.FromTicks(1))) },
        { null, new(Limits: new(DeploymentRules.MaxQueueLimit, DeploymentRules.MaxTimeout)) },
        { "config.limits.max_queue", new(Limits: new(0)) },
        { "config.limits.max_queue", new(Limits: new(DeploymentRules.MaxQueueLimit + 1)) },
        { "config.limits.timeout", new(Limits: new(1, TimeSpan.Zero)) },
        { "config.limits.timeout", new(Limits: new(1, TimeSpan.FromSeconds(-1))) },
        { "config.limits.timeout", new(Limits: new(1, DeploymentRules.MaxTimeout + TimeSpan.FromTicks(1))) },
        { null, new(Batching: new()) },
        { null, new(Batching: new(32, TimeSpan.FromMilliseconds(2), [8, 32])) },
        { null, new(Batching: new(DeploymentRules.MaxBatchLimit, DeploymentRules.MaxDelayLimit)) },
        { "config.batching.max_batch_size", new(Batching: new(0)) },
        { "config.batching.max_batch_size", new(Batching: new(DeploymentRules.MaxBatchLimit + 1)) },
        { "config.batching.max_queue_delay", new(Batching: new(null, TimeSpan.FromTicks(-1))) },
        { "config.batching.max_queue_delay", new(Batching: new(null, DeploymentRules.MaxDelayLimit + TimeSpan.FromTicks(1))) },
        { "config.batching.preferred_batch_sizes", new(Batching: new(8, null, [4, 9])) },
        { "config.batching.preferred_batch_sizes", new(Batching: new(8, null, [0])) },
        { "config.batching.preferred_batch_sizes", new(Batching: new(32, null, [.. Enumerable.Range(1, DeploymentRules.MaxPreferredSizes + 1)])) },
    };

    [Fact]
    public void Config_BatchingReadTwice_IsTheSame()
    {
        const string json = """{"batching":{"max_batch_size":8,"max_queue_delay":"2ms","preferred_batch_sizes":[4,8]}}""";
        var first = JsonSerializer.Deserialize<DeploymentConfig>(json, PlatformJson.Options)!;
        Assert.Equal(first, JsonSerializer.Deserialize<DeploymentConfig>(JsonSerializer.Serialize(first, PlatformJson.Options), PlatformJson.Options));
        Assert.Equal([4, 8], first.Batching!.Preferred);
        Assert.NotEqual(first, first with { Batching = first.Batching with { PreferredBatchSizes = [4] } });
        Assert.Empty(JsonSerializer.Deserialize<DeploymentConfig>("""{"batching":{}}""", PlatformJson.Options)!.Batching!.Preferred);
    }

    [Theory, MemberData(nameof(Cases), DisableDiscoveryEnumeration = true)]
    public void Refuse_BeyondALimit_NamesTheField(string? field, DeploymentConfig config) =>
        Assert.Equal(field, DeploymentRules.Refuse(config)?.Field);
}
