using System.Collections.Immutable;
using CsCheck;
using Platform.Core.Routing;
using Platform.Core.Serving;

namespace Platform.Core.Tests.Routing;

/// <summary>What the contract says of the split, sentence by sentence.</summary>
public sealed class RouterProperties
{
    private const int ManyKeys = 1_000_000;
    private const double ShareTolerance = 0.001;
    private static readonly string[] Keys = [.. Enumerable.Range(0, 2_000).Select(i => $"customer/{i * 7919}")];

    /// <summary>Weights of two to five arms that sum to 10,000, some of them 0.</summary>
    private static readonly Gen<int[]> Weights = Gen.Int[0, SlotTable.Slots].Array[1, 4].Select(cuts =>
    {
        int[] edges = [0, .. cuts.Order(), SlotTable.Slots];
        return edges.Zip(edges.Skip(1), (low, high) => high - low).ToArray();
    });

    private static ImmutableArray<PlannedRoute> Routes(int[] weights) =>
        [.. weights.Select((weight, index) => new PlannedRoute($"{index + 1}.0.0", weight, $"arm:{index}"))];

    private static ModelPlan PlanOf(ImmutableArray<PlannedRoute> routes, string salt = "s3cret") =>
        RouterTests.Plan([.. routes.Select(route => (route.Version, route.WeightBasisPoints, route.Route))], salt: salt) with { Routes = routes };

    private static string RouteOf(ModelPlan plan, string key) => Router.Decide(plan, new(null, key), 0).Route;

    [Theory]
    [InlineData("a", 500, 9_500), InlineData("b", 5_000, 5_000), InlineData("c", 1, 9_999), InlineData("d", 3_333, 3_333, 3_334), InlineData("e", 0, 10_000)]
    public void Decide_OverAMillionKeys_EachShareIsItsWeight(string salt, params int[] weights)
    {
        var plan = PlanOf(SlotTable.Assign([], Routes(weights)), salt);
        var counts = Enumerable.Range(0, ManyKeys).CountBy(key => RouteOf(plan, $"user-{key}")).ToDictionary();
        foreach (var route in plan.Routes)
        {
            var share = counts.GetValueOrDefault(route.Route) / (double)ManyKeys;
            Assert.InRange(share - (route.WeightBasisPoints / 10_000d), -ShareTolerance, ShareTolerance);
        }
    }

    [Fact]
    public void Assign_AnyChangeOfWeights_GivesEachRouteExactlyItsWeight() => Gen.Select(Weights, Weights).Sample((first, second) =>
    {
        var next = SlotTable.Assign(SlotTable.Assign([], Routes(first)), Routes(second));
        Assert.All(next, route => Assert.Equal(route.WeightBasisPoints, route.Slots!.Value.Sum(range => range.Count)));
        var slots = next.SelectMany(route => route.Slots!.Value).SelectMany(range => Enumerable.Range(range.From, range.Count));
        Assert.Equal(SlotTable.Slots, slots.Distinct().Count());
    }, iter: 200);

    [Fact]
    public void Decide_AfterAnyChangeOfWeights_KeysLeaveOnlyWhatFellForWhatRose() =>
        Gen.Select(Weights, Weights, Weights).Sample((first, second, third) =>
        {
            // Two changes in a row, so that the slots are in pieces at the second.
            var before = SlotTable.Assign(SlotTable.Assign([], Routes(first)), Routes(second));
            var after = SlotTable.Assign(before, Routes(third));
            var (old, changed) = (PlanOf(before), PlanOf(after));
            var weightBefore = before.ToDictionary(route => route.Route, route => route.WeightBasisPoints);
            var weightAfter = after.ToDictionary(route => route.Route, route => route.WeightBasisPoints);
            foreach (var key in Keys)
            {
                var (from, to) = (RouteOf(old, key), RouteOf(changed, key));
                if (from == to) continue;
                Assert.True(weightAfter.GetValueOrDefault(from) < weightBefore[from], $"A key left {from}, whose weight did not fall.");
                Assert.True(weightAfter[to] > weightBefore.GetValueOrDefault(to), $"A key went to {to}, whose weight did not rise.");
            }
        }, iter: 60);

    [Fact]
    public void Decide_ArmAtZero_GetsNothing() => Gen.Select(Weights, Gen.Int[0, 4]).Sample((others, place) =>
    {
        int[] weights = [.. others.Take(place), 0, .. others.Skip(place)];
        var plan = PlanOf(SlotTable.Assign([], Routes(weights)));
        var empty = plan.Routes.Where(route => route.WeightBasisPoints == 0).Select(route => route.Route).ToHashSet();
        Assert.DoesNotContain(Keys, key => empty.Contains(RouteOf(plan, key)));
        for (var step = 0; step < 1_000; step++) Assert.DoesNotContain(Router.Decide(plan, new(null, null), step / 1_000d).Route, empty);
    }, iter: 40);

    [Fact]
    public void Decide_WhenAnotherModelsPlanChanges_NoKeyMoves() => Gen.Select(Weights, Weights, Weights).Sample((mine, theirs, changed) =>
    {
        var plan = PlanOf(SlotTable.Assign([], Routes(mine)));
        var other = PlanOf(SlotTable.Assign([], Routes(theirs)), "another salt") with { Model = "n" };
        var before = Keys.Select(key => RouteOf(plan, key)).ToArray();
        other = other with { Routes = SlotTable.Assign(other.Routes, Routes(changed)) };
        Assert.NotEmpty(Keys.Select(key => RouteOf(other, key)));
        Assert.Equal(before, Keys.Select(key => RouteOf(plan, key)));
    }, iter: 40);

    [Fact]
    public void Decide_ForTwoModels_IsUnrelated()
    {
        ImmutableArray<PlannedRoute> half = SlotTable.Assign([], Routes([5_000, 5_000]));
        var (one, two) = (PlanOf(half, "salt of one"), PlanOf(half, "salt of two"));
        var same = Keys.Count(key => RouteOf(one, key) == RouteOf(two, key));
        Assert.InRange(same, 900, 1_100);
    }
}
