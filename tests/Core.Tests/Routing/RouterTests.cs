using System.Collections.Immutable;
using System.Text.Json;
using Platform.Core.Routing;
using Platform.Core.Serving;
using static Platform.Core.Tests.Serving.ServingSamples;

namespace Platform.Core.Tests.Routing;

public sealed class RouterTests
{
    private static readonly ModelPlan Split = Plan([("1.0.0", 7_000, "stable"), ("2.0.0", 3_000, "canary")]);

    internal static ModelPlan Plan(ImmutableArray<(string Version, int Weight, string Route)> routes, string model = "m", string salt = "salt") => new(
        model, 1, [.. routes.Select(route => Placed(route.Version))],
        SlotTable.Assign([], [.. routes.Select(route => new PlannedRoute(route.Version, route.Weight, route.Route))]), salt);

    [Fact]
    public void Decide_NamedVersion_GetsItWhateverTheWeights()
    {
        var decision = Router.Decide(Split, new("2.0.0", "key"), 0);
        Assert.Equal(("2.0.0", "stable", RouteReason.NamedVersion), (decision.Placed!.Version, decision.Route, decision.Reason));
    }

    [Fact]
    public void Decide_VersionThatIsNotPlaced_IsNotDeployed()
    {
        var decision = Router.Decide(Split, new("3.0.0", null), 0);
        Assert.Equal((null, RouteReason.NotDeployed), (decision.Placed, decision.Reason));
    }

    [Fact]
    public void Decide_WithoutRoutes_IsNothingInProduction() =>
        Assert.Equal(RouteReason.NothingInProduction, Router.Decide(Split with { Routes = [] }, new(null, null), 0).Reason);

    [Theory]
    [InlineData(0, "1.0.0"), InlineData(0.6999, "1.0.0"), InlineData(0.7, "2.0.0"), InlineData(0.99999, "2.0.0")]
    public void Decide_WithoutAKey_FollowsTheRandomNumber(double random, string version)
    {
        var decision = Router.Decide(Split, new(null, null), random);
        Assert.Equal((version, RouteReason.RandomDraw), (decision.Placed!.Version, decision.Reason));
    }

    [Fact]
    public void Decide_WithAKey_IgnoresTheRandomNumber()
    {
        for (var key = 0; key < 100; key++)
        {
            var decision = Router.Decide(Split, new(null, $"user-{key}"), 0);
            Assert.Equal(RouteReason.StickyKey, decision.Reason);
            Assert.Equal(decision, Router.Decide(Split, new(null, $"user-{key}"), 0.99));
        }
    }

    [Fact]
    public void Decide_WithAnEmptyKey_IsRandom() =>
        Assert.Equal(RouteReason.RandomDraw, Router.Decide(Split, new(null, ""), 0).Reason);

    [Fact]
    public void Decide_StoredPlanOfBefore_StillRoutes()
    {
        const string json = """{"model":"m","revision":7,"versions":[],"routes":[{"version":"1.0.0","weight_basis_points":10000,"route":"stable"}]}""";
        var plan = JsonSerializer.Deserialize<ModelPlan>(json, PlatformJson.Options)! with { Versions = [Placed("1.0.0")] };
        var decision = Router.Decide(plan, new(null, "key"), 0.5);
        Assert.Equal(("1.0.0", "stable", RouteReason.OnlyRoute), (decision.Placed!.Version, decision.Route, decision.Reason));
        Assert.Null(plan.Shadow);
    }

    [Fact]
    public void Decide_PlanWithWeightsButNoSlots_SharesThemInOrder()
    {
        var plan = Split with { Routes = [.. Split.Routes.Select(route => route with { Slots = null })], Salt = null };
        Assert.Equal("1.0.0", Router.Decide(plan, new(null, null), 0.6999).Placed!.Version);
        Assert.Equal("2.0.0", Router.Decide(plan, new(null, null), 0.7).Placed!.Version);
    }

    [Fact]
    public void Plan_WrittenAndRead_RoutesTheSame()
    {
        var plan = Split with { Rules = [new RouteRule("canary", "X-Beta", EqualTo: "yes")], Shadow = new ShadowPlan("2.0.0", 100) };
        var read = JsonSerializer.Deserialize<ModelPlan>(JsonSerializer.Serialize(plan, PlatformJson.Options), PlatformJson.Options)!;
        Assert.Equal(plan.Shadow, read.Shadow);
        for (var key = 0; key < 200; key++)
            Assert.Equal(Router.Decide(plan, new(null, $"{key}"), 0).Route, Router.Decide(read, new(null, $"{key}"), 0).Route);
    }
}
