using Platform.Core.Models;
using Platform.Core.Rollouts;
using static Platform.Core.Tests.Rollouts.RolloutSamples;

namespace Platform.Core.Tests.Rollouts;

public sealed class MetricNameTests
{
    private static RolloutRequest With(string name) => Request() with { Analysis = new(Metrics: [new(name, Min: 0.5)]) };

    [Theory]
    [InlineData("accuracy"), InlineData("custom:clicks"), InlineData("conversion"), InlineData("clicks"), InlineData("latency_p99_ms")]
    public void Refuse_KnownDeclaredOrSeenInFeedback_IsFine(string name) => Assert.Null(MetricNames.Refuse(With(name), ["clicks"]));

    [Theory]
    [InlineData("acuracy", "accuracy"), InlineData("clickz", "clicks"), InlineData("eror_rate", "error_rate"), InlineData("output-drift", "output_drift")]
    public void Refuse_AMistypedName_SaysTheNearOne(string name, string near)
    {
        var refusal = MetricNames.Refuse(With(name), ["clicks"])!;
        Assert.Equal("analysis.metrics[0].name", refusal.Field);
        Assert.Contains($"Did you mean {near}?", refusal.Detail, StringComparison.Ordinal);
        Assert.Contains($"custom:{name}", refusal.Detail, StringComparison.Ordinal);
    }

    [Fact]
    public void Refuse_ANameNearNothing_ListsAll() =>
        Assert.Contains("output_drift", MetricNames.Refuse(With("revenue"), [])!.Detail, StringComparison.Ordinal);

    [Fact]
    public void Refuse_InAStep_NamesTheStep() => Assert.Equal(
        "steps[1].analysis.metrics[0].name",
        MetricNames.Refuse(Request() with { Steps = [new(5), new(10, null, new(Metrics: [new("recal", Min: 0.5)]))] }, [])!.Field);

    [Theory]
    [InlineData("", "", 0), InlineData("kitten", "sitting", 3), InlineData("f1", "f2", 1), InlineData("abc", "", 3)]
    public void Distance_IsLevenshteins(string a, string b, int distance) => Assert.Equal(distance, NearNames.Distance(a, b));
}
