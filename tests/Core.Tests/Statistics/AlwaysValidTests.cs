using Platform.Core.Statistics;

namespace Platform.Core.Tests.Statistics;

public sealed class AlwaysValidTests
{
    [Theory]
    [InlineData(.05, 4e-4, 4e-4, 1.215926, 3.373418, 0.296435, 0.073128), InlineData(.05, 2.8e-4, 1e-3, 2.727810, 15.299350, 0.065362, 0.051885)]
    public void NormalMixture_MatchesTheReference(double d, double variance, double mixing, double log, double ratio, double p, double half)
    {
        var found = NormalMixture.TwoSided(d, variance, mixing, 0.05);

        Assert.Equal(log, found.LogEvidence, 1e-6);
        Assert.Equal(ratio, Math.Exp(found.LogEvidence), 1e-6);
        Assert.Equal(p, found.PValue, 5e-7);
        Assert.Equal(half, found.HalfWidth, 5e-7);
    }

    [Fact]
    public void LogPositive_IsTheTwoSidedTimesTwiceThePosteriorOfHarm()
    {
        const double both = 1.2159264;
        // mu = .025, sd = .0141421: Phi(1.7677670) = 0.9614501.
        Assert.Equal(both + Math.Log(2 * 0.96145), NormalMixture.LogPositive(.05, 4e-4, 4e-4), 1e-5);
        Assert.Equal(both + Math.Log(2 * (1 - 0.96145)), NormalMixture.LogPositive(-.05, 4e-4, 4e-4), 1e-5);
    }

    [Fact]
    public void AsymptoticSequence_MatchesTheReference()
    {
        Close.Assert(0.03984006677, AsymptoticSequence.Rho(0.05, 5_000), 1e-9);
        Close.Assert(0.08908509753, AsymptoticSequence.Rho(0.05, 1_000), 1e-9);
        var look = AsymptoticSequence.Look(.02, .005, 10_000, 0.05, 5_000);
        Assert.Equal(0.015307, look.HalfWidth, 5e-7);
        Assert.Equal(0.00221387, look.PValue, 5e-9);
        Assert.Equal(1.562, look.HalfWidth / (-Normal.Quantile(0.025) * .005), 5e-4);
        Assert.Equal(look.HalfWidth / .005, AsymptoticSequence.Critical(10_000, 0.05, 5_000), 1e-9);
    }

    [Fact]
    public void RelativeLift_OfProportions_MatchesGrowthBook()
    {
        var (a, b) = (Share(1_396, 3_000), Share(2_422, 3_461));
        var lift = RelativeLift.Of(a, b)!.Value;
        var look = AsymptoticSequence.Look(lift.Estimate, lift.StandardError, 6_461, 0.05, 5_000);

        Assert.Equal(.50386, lift.Estimate, 5e-6);
        Assert.Equal(.03386, lift.StandardError, 5e-6);
        Assert.Equal((.40098, .60675), (Math.Round(lift.Estimate - look.HalfWidth, 5), Math.Round(lift.Estimate + look.HalfWidth, 5)));
    }

    [Fact]
    public void RelativeLift_OfMeans_MatchesGrowthBook()
    {
        var lift = RelativeLift.Of(SampleMoments.FromSums(3_000, 1396.87, 52377.9767), SampleMoments.FromSums(3_461, 2422.7, 134698.29))!.Value;
        var look = AsymptoticSequence.Look(lift.Estimate, lift.StandardError, 6_461, 0.05, 1_000);

        Assert.Equal(.50336, lift.Estimate, 5e-6);
        Assert.Equal((-.55844, 1.56516), (Math.Round(lift.Estimate - look.HalfWidth, 5), Math.Round(lift.Estimate + look.HalfWidth, 5)));
        Assert.Equal(1, look.PValue);
    }

    [Fact]
    public void RelativeLift_OfNothing_IsNothing() => Assert.Null(RelativeLift.Of(new SampleMoments(5, 0, 1), new SampleMoments(5, 1, 1)));

    private static SampleMoments Share(long events, long count)
    {
        var share = (double)events / count;
        return new(count, share, share * (1 - share));
    }
}
