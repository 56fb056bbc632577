using Platform.Core.Rollouts;
using static Platform.Core.Tests.Rollouts.RolloutSamples;

namespace Platform.Core.Tests.Rollouts;

public sealed class RolloutRulesTests
{
    private static readonly TimeSpan Minute = TimeSpan.FromMinutes(1);

    private static RolloutRequest With(params Guardrail[] guardrails) => Request() with { Analysis = new(Metrics: [.. guardrails]) };

    private static RolloutRequest Rule(RolloutRuleRequest rule) => Request() with { Rules = [rule] };

    public static readonly TheoryData<string?, RolloutRequest> Cases = new()
    {
        { null, Request() },
        { "to", Request() with { To = null } },
        { "steps", Request() with { Steps = null } },
        { "steps", Request() with { Steps = [] } },
        { "steps", Request() with { Steps = [.. Enumerable.Range(1, RolloutRules.MaxSteps + 1).Select(weight => new RolloutStep(weight))] } },
        { "steps[0].weight", Request() with { Steps = [new(0)] } },
        { "steps[0].weight", Request() with { Steps = [new(100.5)] } },
        { "steps[0].weight", Request() with { Steps = [new(0.005)] } },
        { null, Request() with { Steps = [new(0.01), new(99.99)] } },
        { "steps[0].weight", Request() with { Steps = [new(-1)] } },
        { "steps[1].weight", Request() with { Steps = [new(10), new(10)] } },
        { "steps[1]", Request() with { Steps = [new(10), null!] } },
        { "rules[0]", Rule(null!) },
        { "analysis.metrics[0]", With((Guardrail)null!) },
        { "analysis.metrics[0].name", With(new Guardrail(null!, Max: 0.1)) },
        { "steps[1].weight", Request() with { Steps = [new(10), new(5)] } },
        { "steps[0].hold", Request() with { Steps = [new(10, TimeSpan.FromSeconds(-1))] } },
        { "steps[0].analysis.min_requests", Request() with { Steps = [new(10, Minute, new(MinRequests: 0))] } },
        { "steps[0].weight", Request() with { Strategy = RolloutStrategy.BlueGreen, Steps = [new(50)] } },
        { "steps", Request() with { Strategy = RolloutStrategy.Shadow } },
        { null, Request() with { Strategy = RolloutStrategy.BlueGreen, Steps = null } },
        { null, Request() with { Strategy = RolloutStrategy.Shadow, Steps = [new(20, Minute)] } },
        { "analysis.alpha", Request() with { Analysis = new(Alpha: 0) } },
        { "analysis.alpha", Request() with { Analysis = new(Alpha: double.NaN) } },
        { "analysis.failure_limit", Request() with { Analysis = new(FailureLimit: -1) } },
        { "analysis.metrics[0].name", With(new Guardrail("Error rate", Max: 0.1)) },
        { "analysis.metrics[0].name", With(new Guardrail("latency_p_ms", Max: 0.1)) },
        { "analysis.metrics[0].name", With(new Guardrail("agreement", Min: 0.9)) },
        { "analysis.metrics[1]", With(new Guardrail("error_rate", Max: 0.1), new Guardrail("error_rate")) },
        { "analysis.metrics[0].max", With(new Guardrail("error_rate", Max: 0)) },
        { "analysis.metrics[0].max", With(new Guardrail("error_rate", Max: 1)) },
        { "analysis.metrics[0].min", With(new Guardrail("error_rate", Min: 0.5)) },
        { "analysis.metrics[0].max_drop", With(new Guardrail("error_rate", MaxDrop: 0.5)) },
        { "analysis.metrics[0].max_ratio_to_stable", With(new Guardrail("error_rate", MaxRatioToStable: 0.9)) },
        { "analysis.metrics[0].max", With(new Guardrail("latency_p95_ms", Max: 0)) },
        { null, With(new Guardrail("latency_p95_ms", Max: 250), new Guardrail("latency_p999_ms", MaxRatioToStable: 1.5)) },
        { "analysis.metrics[0].max", With(new Guardrail("accuracy", Max: 0.5)) },
        { "analysis.metrics[0].min", With(new Guardrail("accuracy", Min: 1)) },
        { null, With(new Guardrail("accuracy", Min: 0.9, MaxDrop: 0.02)) },
        { null, With(new Guardrail("f1", MaxDrop: 0.1), new Guardrail("precision", Min: 0.8), new Guardrail("recall", Min: 0.8)) },
        { "analysis.metrics[0].max", With(new Guardrail("f1", Max: 0.1)) },
        { null, With(new Guardrail("output_drift", Max: 0.1)) },
        { "analysis.metrics[0].max_ratio_to_stable", With(new Guardrail("output_drift", MaxRatioToStable: 1.5)) },
        { "analysis.metrics[0].max_drop", With(new Guardrail("output_drift", MaxDrop: 0.1)) },
        { "analysis.metrics[0].name", With(new Guardrail("rmse", Max: 0.1)) },
        { "analysis.metrics[0].name", With(new Guardrail("custom:No such", Max: 0.1)) },
        { null, With(new Guardrail("custom:complaints", Max: 0.1)) },
        { null, With(new Guardrail("conversion", MaxDrop: 0.02), new Guardrail("complaints", MaxRatioToStable: 1.2)) },
        { "analysis.metrics[0]", With(new Guardrail("conversion", Max: 0.5, MaxDrop: 0.02)) },
        { "max_wait", Request() with { MaxWait = TimeSpan.Zero } },
        { "deadline", Request() with { Deadline = TimeSpan.FromDays(31) } },
        { "keep_previous", Request() with { KeepPrevious = TimeSpan.FromSeconds(-1) } },
        { "rules[0]", Rule(new()) },
        { "rules[0]", Rule(new("X-A", EqualTo: "1", Prefix: "2")) },
        { "rules[0].header", Rule(new(EqualTo: "1")) },
        { "rules[0].header", Rule(new("X-A", Keys: ["k"])) },
        { "rules[0].keys", Rule(new(Keys: [])) },
        { "rules[0].keys", Rule(new(Keys: [""])) },
        { "rules[0].matches", Rule(new("X-A", Matches: "(")) },
        { "rules[0].matches", Rule(new("X-A", Matches: "(?=a)")) },
        { null, Rule(new("X-A", Matches: "^a+$")) },
        { null, Rule(new(Keys: ["ann"])) with { Steps = [new(0, Minute), new(5)] } },
    };

    [Theory, MemberData(nameof(Cases), DisableDiscoveryEnumeration = true)]
    public void Refuse_WhatIsNotValid_NamesTheField(string? field, RolloutRequest request) =>
        Assert.Equal(field, RolloutRules.Refuse(request)?.Field);

    [Fact]
    public void Read_RulesWithKeys_KeepsFingerprintsOnly()
    {
        var plan = Plan(Rule(new(Keys: ["ann@example.com"])));
        Assert.DoesNotContain("ann", Assert.Single(plan.Rules[0].Keys!.Value), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("latency_p95_ms", 0.95), InlineData("latency_p50_ms", 0.5), InlineData("latency_p999_ms", 0.999)]
    [InlineData("latency_p05_ms", null), InlineData("latency_ms", null), InlineData("latency_p9a_ms", null), InlineData("latency_p_ms", null)]
    public void LevelOf_ALatencysName_IsItsQuantile(string name, double? level) => Assert.Equal(level, GuardrailCheck.LevelOf(name));
}
