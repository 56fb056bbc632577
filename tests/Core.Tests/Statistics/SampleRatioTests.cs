using Platform.Core.Statistics;

namespace Platform.Core.Tests.Statistics;

public sealed class SampleRatioTests
{
    [Theory]
    [InlineData(5_000, 5_200, .5, .04767038, 1e-6), InlineData(821_588, 815_482, .5, 1.8217929e-6, 1e-7)]
    [InlineData(9_000, 1_100, .9, .00283475, 3e-6), InlineData(50_500, 49_500, .5, .00156540, 4e-6)]
    public void ChiSquare_OfTwoArms_MatchesTheReference(long a, long b, double share, double expected, double relative) =>
        Close.Assert(expected, SampleRatio.ChiSquare([a, b], [share, 1 - share]), relative);

    [Fact]
    public void ChiSquare_OfThreeArms_MatchesTheReference() =>
        Close.Assert(.05280357, SampleRatio.ChiSquare([3_300, 3_400, 3_500], [1 / 3.0, 1 / 3.0, 1 / 3.0]), 1e-6);

    [Theory]
    [InlineData(6.6349, .01), InlineData(10.8276, .001), InlineData(12.1157, .0005)]
    public void ChiSquared_AtItsCriticalValues_IsTheLevel(double x, double level)
    {
        Close.Assert(level, ChiSquared.UpperTail(x, 1), 1e-4);
        Assert.Equal(1, ChiSquared.UpperTail(x, 1) + ChiSquared.Cdf(x, 1), 1e-12);
    }

    [Theory]
    [InlineData(5_000, 5_200, .528030, 1e-6), InlineData(50_500, 49_500, .0352043, 2e-6), InlineData(51_000, 49_000, 4.20665e-8, 2e-6)]
    public void Sequential_MatchesTheReference(long a, long b, double expected, double relative) =>
        Close.Assert(expected, SampleRatio.Sequential([a, b], [.5, .5]), relative);

    [Theory]
    [InlineData(.05, 20, 10, 50, 25.436450), InlineData(.1, 10, 12, 48, 2.815145), InlineData(.1, 10, 6, 54, .352427), InlineData(.5, 100, 60, 40, 1.932649)]
    public void LogEvidence_OfTwoArms_IsTheBetaMixtureOfTheReference(double share, double concentration, long first, long second, double expected) =>
        Close.Assert(expected, Math.Exp(SampleRatio.LogEvidence([first, second], [share, 1 - share], concentration)), 2e-6);

    [Fact]
    public void BothTests_WithoutUnits_HaveNothingToSay()
    {
        Assert.Equal(1, SampleRatio.ChiSquare([0, 0], [.5, .5]));
        Assert.Equal(1, SampleRatio.Sequential([0, 0], [.5, .5]), 1e-9);
    }
}
