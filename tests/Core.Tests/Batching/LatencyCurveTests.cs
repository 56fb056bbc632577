using CsCheck;
using Platform.Core.Batching;

namespace Platform.Core.Tests.Batching;

public sealed class LatencyCurveTests
{
    private static readonly TimeSpan Any = TimeSpan.FromMinutes(1);

    [Theory]
    [InlineData(16, new[] { 100d, 55, 30, 20, 12, 11.5 })]
    [InlineData(1, new[] { 10d, 10, 10, 10, 10, 10 })]
    [InlineData(1, new[] { 10d, 12, 14 })]
    [InlineData(4, new[] { 15d, 12, 10, 9.9, 9.8, 9.7 })]
    public void Choose_SmallestWithinTenPercentOfTheBest(int expected, double[] itemMs) =>
        Assert.Equal(expected, BatchChoice.Choose(Curve(itemMs).Points, null, Any));

    [Fact]
    public void Choose_RunsThatTakeTooLong_AreOut() =>
        Assert.Equal(2, BatchChoice.Choose(Curve(100, 80, 50).Points, null, TimeSpan.FromMilliseconds(170)));

    [Fact]
    public void Choose_NothingMeasured_IsOne() => Assert.Equal(1, BatchChoice.Choose([], null, Any));

    [Fact]
    public void Choose_CurrentStillGood_Stays()
    {
        var curve = Curve(10, 9, 8.5).Points;
        Assert.Equal(1, BatchChoice.Choose(curve, 1, Any));
        Assert.Equal(2, BatchChoice.Choose(curve, null, Any));
    }

    [Fact]
    public void Observe_AllSizesSlowerAlike_IsTheLoadAndNotTheSizes()
    {
        var curve = Curve(10, 8, 6);
        for (var i = 0; i < 2_000; i++) curve.Observe(1, TimeSpan.FromMilliseconds(30));
        Assert.Equal(4, BatchChoice.Choose(curve.Points, 4, Any));
        Assert.Equal([10, 8, 6], curve.Points.Select(point => Math.Round(point.ItemMs, 9)));
    }

    [Fact]
    public void Observe_NoisyRunsOfOneSize_DoNotMoveTheCurve() => Gen.Double[0.1, 100].Array[1, 500].Sample(times =>
    {
        var curve = Curve(10, 8, 6);
        foreach (var time in times) curve.Observe(2, TimeSpan.FromMilliseconds(time));
        return curve.Points.Select(point => Math.Round(point.ItemMs, 9)).SequenceEqual([10, 8, 6]);
    });

    [Fact]
    public void Observe_OneSizeTurnsOutWorse_LosesTheChoice()
    {
        var curve = Curve(10, 8, 6);
        for (var i = 0; i < 2_000; i++)
        {
            curve.Observe(1, TimeSpan.FromMilliseconds(10));
            curve.Observe(4, TimeSpan.FromMilliseconds(4 * 14));
        }

        Assert.NotEqual(4, BatchChoice.Choose(curve.Points, 4, Any));
    }

    [Fact]
    public void Observe_SizeThatWasNeverMeasured_IsLeftOut()
    {
        var curve = Curve(10);
        curve.Observe(32, TimeSpan.FromMilliseconds(1));
        Assert.Equal([1], curve.Points.Select(point => point.BatchSize));
    }

    private static LatencyCurve Curve(params double[] itemMs)
    {
        var curve = new LatencyCurve();
        for (var i = 0; i < itemMs.Length; i++)
            curve.Measure(LatencyCurve.Sizes[i], TimeSpan.FromMilliseconds(itemMs[i] * LatencyCurve.Sizes[i]), 10);
        return curve;
    }
}
