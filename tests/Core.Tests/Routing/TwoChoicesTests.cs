using CsCheck;
using Platform.Core.Routing;

namespace Platform.Core.Tests.Routing;

public sealed class TwoChoicesTests
{
    private static readonly Gen<(int[] Outstanding, double First, double Second)> Cases =
        Gen.Select(Gen.Int[0, 20].Array[1, 10], Gen.Double.Unit, Gen.Double.Unit);

    [Fact]
    public void Pick_IsAlwaysOneOfTheCandidates() => Cases.Sample(
        (outstanding, first, second) => TwoChoices.Pick(outstanding, first, second) is var picked && picked >= 0 && picked < outstanding.Length);

    [Fact]
    public void Pick_NeverTakesTheOneBusiestOfAll() => Cases.Sample((outstanding, first, second) =>
    {
        var picked = outstanding[TwoChoices.Pick(outstanding, first, second)];
        // Two different ones are looked at, so the single busiest always loses to the other.
        return outstanding.Length == 1 || picked < outstanding.Max() || outstanding.Count(load => load == outstanding.Max()) > 1;
    });

    [Fact]
    public void Pick_OfTwo_IsTheLessLoaded() => Gen.Select(Gen.Int[0, 5], Gen.Int[0, 5], Gen.Double.Unit, Gen.Double.Unit).Sample(
        (a, b, first, second) => new[] { a, b }[TwoChoices.Pick([a, b], first, second)] == Math.Min(a, b));

    [Fact]
    public void Pick_AmongEquals_TakesEachAsOften()
    {
        var random = new Random(1);
        var counts = new int[5];
        for (var i = 0; i < 50_000; i++) counts[TwoChoices.Pick(new int[5], random.NextDouble(), random.NextDouble())]++;

        Assert.All(counts, count => Assert.InRange(count, 9_500, 10_500));
    }

    [Fact]
    public void Pick_WithTheLargestRandomNumbers_StaysInside() =>
        Assert.InRange(TwoChoices.Pick([1, 2, 3], Math.BitDecrement(1), Math.BitDecrement(1)), 0, 2);
}
