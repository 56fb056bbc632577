using Platform.Core.Statistics;

namespace Platform.Core.Tests.Statistics;

public sealed class ShapiroWilkTests
{
    [Fact]
    public void Statistic_WeightsOfShapiroAndWilk_IsAsPublished()
    {
        // Weights of eleven men in pounds (Shapiro and Wilk, 1965); R's shapiro.test gives W = 0.7888.
        double[] weights = [148, 154, 158, 160, 161, 162, 166, 170, 182, 195, 236];
        Assert.Equal(0.7888, ShapiroWilk.Statistic(weights), 4);
    }

    [Theory]
    [InlineData(20)]
    [InlineData(500)]
    public void Statistic_NormalQuantiles_IsNearlyOne(int n)
    {
        var sample = Enumerable.Range(1, n).Select(i => Normal.Quantile((i - 0.5) / n)).ToArray();
        Assert.InRange(ShapiroWilk.Statistic(sample), 0.99, 1);
    }

    [Fact]
    public void Statistic_TwoFarClusters_IsFarBelowOne()
    {
        var sample = Enumerable.Range(0, 100).Select(i => i < 50 ? i * 0.001 : 100 + (i * 0.001)).ToArray();
        Assert.InRange(ShapiroWilk.Statistic(sample), 0, 0.75);
    }

    [Fact]
    public void Statistic_AllTheSame_IsZero() => Assert.Equal(0, ShapiroWilk.Statistic(Enumerable.Repeat(3.0, 30).ToArray()));
}
