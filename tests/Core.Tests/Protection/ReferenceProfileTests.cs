using CsCheck;
using Platform.Core.Protection;

namespace Platform.Core.Tests.Protection;

public sealed class ReferenceProfileTests
{
    private static readonly ReferenceProfile Profile = ReferenceProfile.Of(
        ReferenceProfile.FromRequests, DateTimeOffset.UnixEpoch, [.. Rows(new Random(1), 2_000).Select(Facts)]);

    [Fact]
    public void CheckDistance_CleanItems_AreFoundRarely()
    {
        var found = Rows(new Random(2), 10_000).Count(row => RequestJudge.CheckDistance(Profile, [Facts(row)]) is not null);
        Assert.InRange(found, 1, 100);
    }

    [Fact]
    public void CheckDistance_ItemsOfAnotherKind_AreFound()
    {
        // Each number is one that the reference has; together they are not.
        Assert.All(Rows(new Random(3), 100), row => Assert.NotNull(RequestJudge.CheckDistance(Profile, [Facts([row[0] + 6, row[1] - 6, row[2]])])));
    }

    [Theory]
    [InlineData(1, 1)]
    [InlineData(2, 1)]
    [InlineData(3, 2)]
    [InlineData(32, 3)]
    public void LeastOutside_OfSoManyItems_KeepsTheChanceAtOnePercent(int items, int expected) =>
        Assert.Equal(expected, RequestJudge.LeastOutside(items));

    [Fact]
    public void CheckDistance_OneFarItemAmongMany_IsEnough()
    {
        var clean = Rows(new Random(4), 31).Select(Facts);
        Assert.NotNull(RequestJudge.CheckDistance(Profile, [.. clean, Facts([1_000f, -1_000f, 0f])]));
    }

    [Theory]
    [InlineData(float.NaN, ProtectionReason.NotFinite)]
    [InlineData(float.PositiveInfinity, ProtectionReason.NotFinite)]
    [InlineData(100f, ProtectionReason.OutOfRange)]
    [InlineData(-100f, ProtectionReason.OutOfRange)]
    public void CheckInputs_BadNumber_IsFoundWithoutAndWithAReference(float number, ProtectionReason reason)
    {
        Assert.Equal(reason, RequestJudge.CheckInputs(new(ProtectionMode.Enforce), Profile, [Facts([0f, number, 0f])])?.Reason);
        Assert.Equal(reason, RequestJudge.CheckInputs(new(ProtectionMode.Enforce, -10, 10), null, [Facts([0f, number, 0f])])?.Reason);
    }

    [Fact]
    public void CheckInputs_GoodNumbersAndOtherSizes_AreToldApart()
    {
        Assert.Null(RequestJudge.CheckInputs(new(ProtectionMode.Enforce), Profile, [Facts([0f, 0.1f, 0f])]));
        Assert.Null(RequestJudge.CheckInputs(new(ProtectionMode.Enforce), null, [Facts([0f, 1e6f, 0f])]));
        Assert.Equal(ProtectionReason.Shape, RequestJudge.CheckInputs(new(ProtectionMode.Enforce), Profile, [Facts([0f, 0f])])?.Reason);
    }

    [Fact]
    public void Quantile_OfAnySample_IsExceededByAtMostItsShare() =>
        (from sample in Gen.Double[0, 1].Array[20, 400] from share in Gen.Double[0.01, 0.5] select (sample, share)).Sample(given =>
        {
            var sorted = given.sample.Order().ToArray();
            var quantile = ReferenceProfile.Quantile(sorted, given.share);
            Assert.True(sorted.Count(value => value > quantile) <= (sorted.Length + 1) * given.share);
        });

    private static ItemFacts Facts(float[] row) => ItemFacts.Of([(row, row.Length)]);

    /// <summary>Two numbers that go together and one that does not vary.</summary>
    private static IEnumerable<float[]> Rows(Random random, int count) => Enumerable.Range(0, count).Select(_ =>
    {
        var common = (float)(random.NextDouble() * 8) - 4;
        return new[] { common + ((float)random.NextDouble() * 0.5f), common + ((float)random.NextDouble() * 0.5f), 0f };
    });
}
