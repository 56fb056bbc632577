using Platform.Core.Statistics;
using Platform.Simulations.Experiments;

namespace Platform.Core.Tests.Experiments;

/// <summary>
/// Short forms of the simulations in tests/Simulations, with the margin that fewer paths need: three standard errors
/// above the level for what must stay below it.
/// </summary>
public sealed class SimulationTests
{
    private const int Paths = 2_000;
    private const int Units = 1_500;

    [Theory]
    [InlineData(0.5, 0.05), InlineData(0.1, 0.05), InlineData(0.01, 0.05), InlineData(0.1, 0.01)]
    public void Proportions_LookedAtAfterEveryUnit_AreFoundDifferentNoMoreOftenThanAlpha(double share, double alpha) =>
        Assert.InRange(PeekingSimulation.Proportions(share, alpha, Paths, Units, 101), 0, WithMargin(alpha));

    [Theory]
    [InlineData(0.05), InlineData(0.01)]
    public void Means_LookedAtAfterEveryUnit_AreFoundDifferentNoMoreOftenThanAlpha(double alpha)
    {
        Assert.InRange(PeekingSimulation.Means(Draws.Normal, alpha, 1_000, Paths, Units, 102), 0, WithMargin(alpha));
        Assert.InRange(PeekingSimulation.Means(Draws.Exponential, alpha, 1_000, Paths, Units, 103), 0, WithMargin(alpha));
    }

    [Fact]
    public void OrdinaryTests_LookedAtAfterEveryUnit_AreFoundDifferentFarTooOften() =>
        Assert.InRange(PeekingSimulation.NaiveMeans(Draws.Normal, 0.05, 500, Units, 104), 0.2, 1);

    [Fact]
    public void FiveLooks_AtOnePointNineSix_AreFourteenPercent() =>
        Assert.Equal(0.1415, PeekingSimulation.FiveLooks(_ => 1.959964, 40_000, 105), 0.006);

    [Fact]
    public void FixedTests_AtTheDesignedSize_HaveThePower()
    {
        Assert.InRange(DesignSimulation.Proportions(0.10, 0.20, 0.8, Paths, 106), 0.77, 0.84);
        Assert.InRange(DesignSimulation.Means(0.5, 0.8, Paths, 107), 0.77, 0.83);
        Assert.InRange(DesignSimulation.Means(0.5, 0.95, Paths, 108), 0.93, 0.97);
    }

    [Fact]
    public void SampleRatio_IsAlarmedByAMismatchOnly()
    {
        Assert.InRange(RatioSimulation.Alarms(0.5, 0.5, Paths, 4_000, 20, 109), 0, 0.003);
        Assert.InRange(RatioSimulation.Alarms(0.56, 0.5, 100, 10_000, 20, 110), 0.97, 1);
    }

    private static double WithMargin(double level) => level + 3 * Math.Sqrt(level * (1 - level) / Paths);
}
