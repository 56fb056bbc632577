using Platform.Core.Statistics;

namespace Platform.Core.Tests.Statistics;

public sealed class CupedTests
{
    [Theory]
    [InlineData(0.5, 0.25), InlineData(0.7, 0.49)]
    public void Adjust_TakesTheSquaredCorrelationOffTheVariance(double correlation, double off)
    {
        const int count = 200_000;
        var random = new Random(7);
        var arms = Enumerable.Range(0, 2).Select(arm => Sums(random, count, correlation, 0.1 * arm)).ToArray();

        var adjusted = Cuped.Adjust(arms)!;

        for (var i = 0; i < 2; i++)
        {
            var plain = SampleMoments.FromSums(count, arms[i].Y, arms[i].YY);
            Assert.Equal(1 - off, adjusted[i].Variance / plain.Variance, 0.01);
        }

        Assert.Equal(0.1, adjusted[1].Mean - adjusted[0].Mean, 0.012);
    }

    [Fact]
    public void Adjust_IsTheFormula()
    {
        double[] x = [1, 2, 3, 4], y = [2, 4, 5, 9];
        var adjusted = Cuped.Adjust([Of(x, y)])!;
        const double theta = 11.0 / 5;
        var expected = SampleMoments.Of([.. x.Zip(y, (a, b) => b - theta * (a - 2.5))]);

        Close.Assert(expected.Mean, adjusted[0].Mean, 1e-12);
        Close.Assert(expected.Variance, adjusted[0].Variance, 1e-9);
    }

    [Fact]
    public void Adjust_WithoutSpreadBefore_IsNothing()
    {
        Assert.Null(Cuped.Adjust([Of([1, 1], [2, 3])]));
        Assert.Null(Cuped.Adjust([default, default]));
    }

    private static PairedSums Sums(Random random, int count, double correlation, double shift)
    {
        var sums = default(PairedSums);
        for (var i = 0; i < count; i++)
        {
            var (x, noise) = (Draw(random), Draw(random));
            var y = correlation * x + Math.Sqrt(1 - correlation * correlation) * noise + shift;
            sums += new PairedSums(1, y, y * y, x, x * x, x * y);
        }

        return sums;
    }

    private static double Draw(Random random) => Normal.Quantile(1 - random.NextDouble() * (1 - 1e-12) - 1e-13);

    private static PairedSums Of(double[] x, double[] y) =>
        x.Zip(y, (a, b) => new PairedSums(1, b, b * b, a, a * a, a * b)).Aggregate((a, b) => a + b);
}
