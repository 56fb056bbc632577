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
        { null, new(Limits: new(MaxConcurrent: 1)) },
        { "config.limits.max_concurrent", new(Limits: new(MaxConcurrent: 0)) },
        { "config.limits.max_concurrent", new(Limits: new(MaxConcurrent: DeploymentRules.MaxConcurrentLimit + 1)) },
        { null, new(Cache: new(TimeSpan.Zero)) },
        { null, new(Cache: new(DeploymentRules.MaxTtl, 1)) },
        { "config.cache.ttl", new(Cache: new(TimeSpan.FromTicks(-1))) },
        { "config.cache.ttl", new(Cache: new(DeploymentRules.MaxTtl + TimeSpan.FromTicks(1))) },
        { "config.cache.max_answer_bytes", new(Cache: new(TimeSpan.FromSeconds(1), 0)) },
        { null, new(Hedge: new(TimeSpan.FromMilliseconds(1))) },
        { "config.hedge.after", new(Hedge: new(TimeSpan.Zero)) },
        { "config.hedge.after", new(Hedge: new(DeploymentRules.MaxTimeout + TimeSpan.FromTicks(1))) },
        { null, new(Fallback: new("stable")) },
        { null, new(Fallback: new("1.0.0", Cache: true)) },
        { null, new(Fallback: new(Answer: """{"outputs":[{"name":"y","datatype":"FP32","shape":[1],"data":[0]}]}""")) },
        { "config.fallback", new(Fallback: new()) },
        { "config.fallback.version", new(Fallback: new("newest")) },
        { "config.fallback.answer.outputs", new(Fallback: new(Answer: "{}")) },
        { "config.fallback.answer.outputs", new(Fallback: new(Answer: """{"outputs":[]}""")) },
        { "config.fallback.answer.outputs", new(Fallback: new(Answer: """{"outputs":[{"name":"y","datatype":"FP32","shape":[-1],"data":[0]}]}""")) },
        { "config.fallback.answer", new(Fallback: new(Answer: $$"""{"outputs":["{{new string('x', FallbackRules.MaxAnswerLength)}}"]}""")) },
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

    [Theory]
    [InlineData("""{"fallback":"stable"}""", "stable", false, null)]
    [InlineData("""{"fallback":{"version":"1.0.0","cache":true}}""", "1.0.0", true, null)]
    [InlineData("""{"fallback":{"answer":{ "outputs" : [1] }}}""", null, false, """{"outputs":[1]}""")]
    public void Fallback_InEachForm_IsReadAndComesBackTheSame(string json, string? version, bool cache, string? answer)
    {
        var read = JsonSerializer.Deserialize<DeploymentConfig>(json, PlatformJson.Options)!;

        Assert.Equal(new FallbackConfig(version, cache, answer), read.Fallback);
        Assert.Equal(read, JsonSerializer.Deserialize<DeploymentConfig>(JsonSerializer.Serialize(read, PlatformJson.Options), PlatformJson.Options));
    }

    [Theory]
    [InlineData("""{"fallback":1}""")]
    [InlineData("""{"fallback":{"versions":"1.0.0"}}""")]
    [InlineData("""{"fallback":{"answer":"0"}}""")]
    public void Fallback_ThatIsNone_IsRefusedWithWhatItMayBe(string json) => Assert.Contains(
        "\"answer\"", Assert.Throws<JsonException>(() => JsonSerializer.Deserialize<DeploymentConfig>(json, PlatformJson.Options)).Message, StringComparison.Ordinal);

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
