using CsCheck;
using Platform.Core.Statistics;

namespace Platform.Core.Tests.Statistics;

public sealed class TwoProportionsTests
{
    [Fact]
    public void Compare_OfAmpleCounts_IsThePooledZWithAnUnpooledInterval()
    {
        var found = TwoProportions.Compare(200, 1_000, 250, 1_000)!;

        Assert.Equal(ProportionMethod.PooledZ, found.Method);
        Close.Assert(0.05, found.Difference, 1e-12);
        Close.Assert(2.677397763, found.Z!.Value, 1e-6);
        Close.Assert(0.00741964926, found.PValue, 1e-6);
        Assert.Equal(0.0134636, found.Low!.Value, 5e-8);
        Assert.Equal(0.0865364, found.High!.Value, 5e-8);
    }

    [Fact]
    public void Compare_WithEveryCellAtTheLimit_StillIsZ()
    {
        var found = TwoProportions.Compare(10, 10_000, 25, 10_000)!;

        Close.Assert(2.537684210, found.Z!.Value, 1e-6);
        Close.Assert(0.0111588624, found.PValue, 1e-6);
    }

    [Theory]
    [InlineData(9, 10_000, 25, 10_000), InlineData(25, 10_000, 9, 10_000), InlineData(9_991, 10_000, 500, 10_000), InlineData(0, 1, 0, 1)]
    public void Compare_WithACellBelowTheLimit_IsExactAndInventsNoInterval(long a, long n, long b, long m)
    {
        var found = TwoProportions.Compare(a, n, b, m)!;

        Assert.Equal(ProportionMethod.FisherExact, found.Method);
        Assert.Null(found.Z);
        Assert.Null(found.Low);
        Assert.Null(found.High);
        Assert.Equal(FisherExact.PValue(a, n, b, m), found.PValue);
    }

    [Theory]
    [InlineData(0, 0, 5, 100), InlineData(5, 100, 0, 0), InlineData(0, 0, 0, 0)]
    public void Compare_WithoutTrials_IsNothing(long a, long n, long b, long m) => Assert.Null(TwoProportions.Compare(a, n, b, m));

    [Theory]
    [InlineData(-1, 5, 1, 5), InlineData(1, 5, -1, 5), InlineData(6, 5, 1, 5), InlineData(1, 5, 6, 5)]
    public void Compare_OfImpossibleCounts_Throws(long a, long n, long b, long m) =>
        Assert.Throws<ArgumentOutOfRangeException>(() => TwoProportions.Compare(a, n, b, m));

    [Fact]
    public void Compare_TheOtherWayRound_IsTheOppositeWithTheSameP() => Counts.Sample((a, n, b, m) =>
    {
        var (found, other) = (TwoProportions.Compare(a, n, b, m)!, TwoProportions.Compare(b, m, a, n)!);
        Assert.Equal(found.Difference, -other.Difference);
        Assert.Equal(found.PValue, other.PValue, 1e-9);
        Assert.InRange(found.PValue, 0, 1);
        if (found.Low is { } low) Assert.InRange(found.Difference, low, found.High!.Value);
    });

    private static readonly Gen<(long A, long N, long B, long M)> Counts =
        from n in Gen.Long[1, 100_000]
        from m in Gen.Long[1, 100_000]
        from a in Gen.Long[0, n]
        from b in Gen.Long[0, m]
        select (a, n, b, m);
}
