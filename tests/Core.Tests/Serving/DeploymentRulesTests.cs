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
    };

    [Theory, MemberData(nameof(Cases), DisableDiscoveryEnumeration = true)]
    public void Refuse_BeyondALimit_NamesTheField(string? field, DeploymentConfig config) =>
        Assert.Equal(field, DeploymentRules.Refuse(config)?.Field);
}
