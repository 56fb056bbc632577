using CsCheck;
using Platform.Core.Statistics;

namespace Platform.Core.Tests.Statistics;

/// <summary>Reference values to 17 digits by 40-digit arithmetic.</summary>
public sealed class NormalTests
{
    [Theory]
    [InlineData(-37, 5.7255712225245768e-300), InlineData(-10, 7.6198530241605261e-24), InlineData(-5, 2.8665157187919391e-7)]
    [InlineData(-3, 0.0013498980316300945), InlineData(-2, 0.022750131948179207), InlineData(-1.96, 0.024997895148220434)]
    [InlineData(-1, 0.15865525393145705), InlineData(-0.5, 0.3085375387259869), InlineData(0, 0.5), InlineData(0.5, 0.6914624612740131)]
    [InlineData(1.3, 0.90319951541438967), InlineData(1.96, 0.97500210485177957), InlineData(2, 0.97724986805182079)]
    [InlineData(2.5, 0.99379033467422386), InlineData(5, 0.99999971334842812), InlineData(8, 0.99999999999999938)]
    public void Cdf_MatchesTheReference(double x, double expected)
    {
        Close.Assert(expected, Normal.Cdf(x), 1e-12);
        Close.Assert(expected, Normal.UpperTail(-x), 1e-12);
    }

    [Theory]
    [InlineData(1e-300, -37.047096299361199), InlineData(1e-20, -9.2623400897984076), InlineData(1e-10, -6.3613409024040562)]
    [InlineData(0.001, -3.0902323061678135), InlineData(0.025, -1.9599639845400542), InlineData(0.3, -0.52440051270804078)]
    [InlineData(0.8, 0.84162123357291421), InlineData(0.975, 1.9599639845400542), InlineData(0.99, 2.3263478740408411)]
    [InlineData(0.9999, 3.7190164854556806)]
    public void Quantile_MatchesTheReference(double p, double expected) => Close.Assert(expected, Normal.Quantile(p), 1e-12);

    [Fact]
    public void Quantile_AtAndBeyondTheEnds()
    {
        Assert.Equal(double.NegativeInfinity, Normal.Quantile(0));
        Assert.Equal(double.PositiveInfinity, Normal.Quantile(1));
        Assert.Equal(0, Normal.Quantile(0.5), 1e-15);
        Assert.True(double.IsNaN(Normal.Quantile(-0.1)) && double.IsNaN(Normal.Quantile(1.1)) && double.IsNaN(Normal.Quantile(double.NaN)));
    }

    [Fact]
    public void Cdf_OfAQuantile_IsTheProbability() => Gen.Double[-300, -0.302].Select(exponent => Math.Pow(10, exponent)).Sample(p =>
        Close.Assert(p, Normal.Cdf(Normal.Quantile(p)), 1e-10));

    [Fact]
    public void Cdf_NeverFalls() => Gen.Select(Gen.Double[-40, 40], Gen.Double[-40, 40]).Sample(
        (a, b) => Normal.Cdf(Math.Min(a, b)) <= Normal.Cdf(Math.Max(a, b)));
}
