using Platform.Core.Statistics;

namespace Platform.Core.Tests.Statistics;

/// <summary>Reference values of R's power.prop.test and power.t.test, statsmodels, pwr and GrowthBook.</summary>
public sealed class DesignTests
{
    [Theory]
    [InlineData(.10, .12, .80, 3840.85, 3838.10, 3940.21, 3834.61), InlineData(.05, .06, .80, 8157.73, 8154.99, 8356.53, 8142.62)]
    [InlineData(.20, .25, .80, 1093.74, 1090.99, 1133.39, 1091.90), InlineData(.01, .02, .80, 2318.16, 2315.42, 2514.19, 2253.66)]
    [InlineData(.01, .015, .90, 10374.00, 10370.83, 10770.29, 10272.12)]
    [InlineData(.001, .002, .80, 23510.14, 23507.39, 25470.88, 22839.65)]
    public void ProportionSize_MatchesTheReferenceInAllForms(
        double p1, double p2, double power, double pooled, double unpooled, double continuity, double arcsine)
    {
        Assert.Equal(pooled, ProportionDesign.PooledSize(p1, p2, 0.05, power), 0.005001);
        Assert.Equal(unpooled, ProportionDesign.UnpooledSize(p1, p2, 0.05, power), 0.005001);
        Assert.Equal(continuity, ProportionDesign.ContinuitySize(p1, p2, 0.05, power), 0.005001);
        Assert.Equal(arcsine, ProportionDesign.ArcsineSize(p1, p2, 0.05, power), 0.005001);
    }

    [Fact]
    public void ProportionSize_OfRsOwnExample_IsRs() =>
        Assert.Equal(76.70693, ProportionDesign.PooledSize(.50, .75, 0.05, .90), 1e-5);

    [Fact]
    public void ProportionPower_MatchesStatsmodels() => Close.Assert(0.7415600, ProportionDesign.Power(.015, .001, 0.05, 550), 1e-6);

    [Theory]
    [InlineData(.1, .12), InlineData(.12, .1), InlineData(.001, .002), InlineData(.5, .4)]
    public void ProportionPower_AtTheDesignedSize_IsTheOneAskedFor(double p1, double p2) =>
        Assert.Equal(0.8, ProportionDesign.Power(p1, p2, 0.01, ProportionDesign.PooledSize(p1, p2, 0.01, 0.8)), 1e-6);

    [Theory]
    [InlineData(.1, 3840.85, 1, .02), InlineData(.25, 1093.74, -1, .05)]
    public void ProportionMinimumDetectable_IsTheInverseOfTheSize(double baseline, double size, int sign, double expected) =>
        Assert.Equal(expected, ProportionDesign.MinimumDetectable(baseline, size, 0.05, 0.8, sign)!.Value, 1e-6);

    [Fact]
    public void ProportionMinimumDetectable_WhereNotEvenCertaintyIsFound_IsNothing() =>
        Assert.Null(ProportionDesign.MinimumDetectable(0.9, 5, 0.05, 0.8, 1));

    [Theory]
    [InlineData(1.0, .90, 21.0148, 22.02110, 5e-5, 5e-6), InlineData(0.5, .80, 62.79, 63.766, .005, 5e-4)]
    [InlineData(0.2, .80, 392.44, 393.407, .005, 5e-4), InlineData(0.1, .80, 1569.78, 1570.737, .005, 5e-4)]
    [InlineData(0.1, .90, 2101.48, 2102.445, .006, 5e-4)]
    public void MeanSize_MatchesTheReference(double effect, double power, double normal, double exact, double z, double t)
    {
        Assert.Equal(normal, MeanDesign.NormalSize(effect, 0.05, power), z);
        Assert.Equal(exact, MeanDesign.ExactSize(effect, 0.05, power), t);
    }

    [Fact]
    public void OneSamplePower_MatchesPwr() => Close.Assert(0.9995636009612725, MeanDesign.OneSamplePower(1, 0.05, 30), 1e-12);

    [Theory]
    [InlineData(3.0, .8), InlineData(0.001, .9), InlineData(0.3, .99)]
    public void MeanPower_AtTheDesignedSize_IsTheOneAskedForAndBack(double effect, double power)
    {
        var size = MeanDesign.ExactSize(effect, 0.01, power);
        Assert.Equal(power, MeanDesign.Power(effect, 0.01, size), 1e-8);
        Close.Assert(effect, MeanDesign.MinimumDetectable(size, 0.01, power), 1e-8);
    }

    [Fact]
    public void MeanSize_OfAnEnormousEffect_IsTheLeastThatATestCanUse() => Assert.Equal(2, MeanDesign.ExactSize(1_000, 0.05, 0.8));

    [Fact]
    public void RelativePower_MatchesGrowthBook()
    {
        var baseline = new SampleMoments(400_000, 10, 3909.9997749994377);
        const double size = 400_000 / 3.0;
        var fixedOnce = -Normal.Quantile(0.025);
        var sequential = AsymptoticSequence.Critical(2 * size, 0.05, 5_000);

        Assert.Equal(0.52144, RelativeLift.Power(0.05, baseline, size, 0.05, fixedOnce), 5e-6);
        Assert.Equal(0.07027, RelativeLift.MinimumDetectable(baseline, size, 0.05, 0.8, fixedOnce)!.Value, 5e-6);
        Assert.Equal(0.20596, RelativeLift.Power(0.05, baseline, size, 0.05, sequential), 5e-6);
        Assert.Equal(0.12821, RelativeLift.MinimumDetectable(baseline, size, 0.05, 0.8, sequential)!.Value, 5e-6);
        Assert.Null(RelativeLift.MinimumDetectable(baseline, 100, 0.05, 0.8, fixedOnce));
    }
}
