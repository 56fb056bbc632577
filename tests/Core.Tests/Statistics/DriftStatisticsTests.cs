using CsCheck;
using Platform.Core.Statistics;

namespace Platform.Core.Tests.Statistics;

public sealed class DriftStatisticsTests
{
    [Fact]
    public void Index_OfTheReferencesExample_IsTheReferences() => Close.Assert(
        0.062393322, PopulationStability.Index([.05, .08, .1, .1, .12, .12, .13, .12, .1, .08], [.. Enumerable.Repeat(0.1, 10)]), 1e-7);

    [Theory]
    [InlineData(.05, 1_000, 1_000, .03384)]
    [InlineData(.05, 200, 10_000, .08629)]
    [InlineData(.001, 200, 10_000, .14217)]
    public void Threshold_OfTheIndex_IsTheReferences(double level, double n, double m, double expected) =>
        Assert.Equal(expected, PopulationStability.Threshold(level, 10, n, m), 1e-5);

    [Fact]
    public void Index_OfEqualShares_IsZero_AndOfAnEmptyBinFinite()
    {
        Assert.Equal((0.0, 1.0), Of(PopulationStability.Test([50, 50], [500, 500], .01)));
        Assert.True(PopulationStability.Test([0, 100], [500, 500], .01) is { P: < 1e-6, Statistic: > 1 and < 10 });
        Assert.Equal((0.0, 1.0), Of(PopulationStability.Test([100], [1_000], .01)));

        static (double, double) Of(TestOutcome result) => (result.Statistic, result.P);
    }

    /// <summary>With one moment the bridge is one normal number.</summary>
    [Theory]
    [InlineData(.5, .05), InlineData(.9, .01), InlineData(.01, .2)]
    public void Bridge_AtOneMoment_IsNormal(double moment, double level)
    {
        var height = -Normal.Quantile(level / 2) * Math.Sqrt(moment * (1 - moment));

        Close.Assert(level, BridgeOnGrid.UpperTail(height, [moment]), 2e-3);
        Close.Assert(height, BridgeOnGrid.Quantile(level, [moment]), 2e-3);
    }

    /// <summary>
    /// Looked at in 200 moments it is nearly the continuous one, whose critical values are Kolmogorov's: a walk that is
    /// looked at in steps passes a barrier that is nearer by 0.5826 of a step (Chernoff, 1965).
    /// </summary>
    [Theory]
    [InlineData(.05, 1.35810), InlineData(.01, 1.62762)]
    public void Bridge_AtManyMoments_TendsToKolmogorovsCriticalValues(double level, double expected) => Close.Assert(
        expected - (0.5826 / Math.Sqrt(200)), BridgeOnGrid.Quantile(level, [.. Enumerable.Range(1, 199).Select(i => i / 200.0)]), 8e-3);

    [Fact]
    public void Quantile_OfAnyMoments_IsFound() => Gen.Select(Gen.Int[1, 5_000].Array[1, 21], Gen.Double[0.001, 0.1]).Sample((some, level) =>
        Assert.InRange(BridgeOnGrid.Quantile(level, [.. some.Select(count => count / 5_001.0).Distinct().Order()]), 0.001, 3), iter: 100);

    [Fact]
    public void Bridge_FarOut_IsBoundedByItsMoments_AndFallsWithTheHeight() => Gen.Double[0.05, 0.95].Array[1, 20].Sample(some =>
    {
        var moments = some.Distinct().Order().ToArray();
        var tails = Enumerable.Range(1, 12).Select(i => BridgeOnGrid.UpperTail(i * 0.25, moments)).ToArray();

        Assert.All(tails.Zip(tails.Skip(1)), pair => Assert.True(pair.Second <= pair.First + 1e-9));
        Assert.All(tails, tail => Assert.InRange(tail, 0, 1));
        Assert.True(tails[^1] < 1e-6);
    });

    [Fact]
    public void Distance_IsTheLargestDifferenceAtAnEdge()
    {
        var moments = BinnedKolmogorov.Moments([25, 25, 25, 25]);

        Assert.Equal([.25, .5, .75], moments);
        Assert.Equal(0.3, BinnedKolmogorov.Test([5, 15, 40, 40], [25, 25, 25, 25], moments, 1).Statistic, 12);
    }
}
