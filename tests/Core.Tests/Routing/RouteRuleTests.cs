using System.Collections.Immutable;
using System.Text.Json;
using Platform.Core.Routing;
using Platform.Core.Serving;

namespace Platform.Core.Tests.Routing;

public sealed class RouteRuleTests
{
    private static readonly ModelPlan Split = RouterTests.Plan([("1.0.0", 10_000, "stable"), ("2.0.0", 0, "canary")]);

    private static RouteDecision Decide(ImmutableArray<RouteRule> rules, string? key, params (string Name, string Value)[] headers) => Router.Decide(
        Split with { Rules = rules },
        new(null, key, name => headers.FirstOrDefault(header => header.Name.Equals(name, StringComparison.OrdinalIgnoreCase)).Value), 0.5);

    public static readonly TheoryData<RouteRule, string, bool> Headers = new()
    {
        { new("canary", "X-Group", EqualTo: "beta"), "beta", true },
        { new("canary", "X-Group", EqualTo: "beta"), "Beta", false },
        { new("canary", "X-Group", EqualTo: "beta"), "beta2", false },
        { new("canary", "X-Group", Prefix: "be"), "beta", true },
        { new("canary", "X-Group", Prefix: "be"), "alpha-be", false },
        { new("canary", "X-Group", Matches: "^(beta|gamma)-[0-9]+$"), "gamma-12", true },
        { new("canary", "X-Group", Matches: "^(beta|gamma)-[0-9]+$"), "gamma-", false },
        { new("canary", "X-Other", EqualTo: "beta"), "beta", false },
        { new("arm:gone", "X-Group", EqualTo: "beta"), "beta", false },
    };

    [Theory, MemberData(nameof(Headers), DisableDiscoveryEnumeration = true)]
    public void Decide_HeaderRule_ComesBeforeTheWeights(RouteRule rule, string value, bool fits)
    {
        var decision = Decide([rule], null, ("x-group", value));
        Assert.Equal(fits ? ("2.0.0", RouteReason.HeaderRule) : ("1.0.0", RouteReason.RandomDraw), (decision.Placed!.Version, decision.Reason));
    }

    [Fact]
    public void Decide_KeyInAList_ComesBeforeTheWeights()
    {
        ImmutableArray<RouteRule> rules = [new("canary", Keys: [RoutingKey.Fingerprint("tester-7", Split.KeySalt)])];
        Assert.Equal(RouteReason.KeyRule, Decide(rules, "tester-7").Reason);
        Assert.Equal("2.0.0", Decide(rules, "tester-7").Placed!.Version);
        Assert.Equal(RouteReason.StickyKey, Decide(rules, "tester-8").Reason);
        Assert.Equal(RouteReason.RandomDraw, Decide(rules, null).Reason);
    }

    [Fact]
    public void Decide_SeveralRules_TheFirstThatFitsDecides()
    {
        ImmutableArray<RouteRule> rules = [new("stable", "X-A", EqualTo: "1"), new("canary", "X-B", EqualTo: "1")];
        Assert.Equal("1.0.0", Decide(rules, null, ("X-A", "1"), ("X-B", "1")).Placed!.Version);
        Assert.Equal("2.0.0", Decide(rules, null, ("X-B", "1")).Placed!.Version);
    }

    [Fact]
    public void Decide_PatternMadeToExplode_DoesNotTakeLong()
    {
        var decision = Decide([new("canary", "X-A", Matches: "^(a+)+$")], null, ("X-A", new string('a', 50_000) + "b"));
        Assert.Equal("1.0.0", decision.Placed!.Version);
    }

    [Fact]
    public void Plan_WithAKeyRule_DoesNotHoldTheKey()
    {
        var plan = Split with { Rules = [new("canary", Keys: [RoutingKey.Fingerprint("ann@example.com", Split.KeySalt)])] };
        Assert.DoesNotContain("ann", JsonSerializer.Serialize(plan, PlatformJson.Options), StringComparison.Ordinal);
        Assert.NotEqual(RoutingKey.Fingerprint("ann@example.com", "one"), RoutingKey.Fingerprint("ann@example.com", "two"));
    }
}
