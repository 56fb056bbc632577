using Platform.Core.Experiments;

namespace Platform.Core.Tests.Experiments;

public sealed class SampleSizeTests
{
    private static readonly SampleSizeSpec Share = new(MetricKind.Proportion, 0.02, Baseline: 0.1);
    private static readonly SampleSizeSpec Mean = new(MetricKind.Mean, 5, StandardDeviation: 50);

    [Fact]
    public void Of_AProportion_IsThePooledSizeRoundedUpWithTheOtherForms()
    {
        var size = Of(Share);

        Assert.Equal((3841, 7682, Correction.None, 1), (size.PerArm, size.Total, size.Correction, size.Comparisons));
        Assert.Equal(3840.85, size.Exact, 0.005001);
        Assert.Equal(["arcsine", "continuity", "unpooled"], size.OtherForms.Keys);
    }

    [Fact]
    public void Of_ADecrease_GoesTheOtherWay()
    {
        Assert.NotEqual(Of(Share).PerArm, Of(Share with { Direction = MetricDirection.Decrease }).PerArm);
        Assert.Equal(Of(Share with { Baseline = 0.12, Direction = MetricDirection.Decrease }).PerArm, Of(Share).PerArm);
    }

    [Fact]
    public void Of_AMean_IsTheExactSize()
    {
        Assert.Equal(1571, Of(Mean).PerArm);
        Assert.Equal(1569.78, Of(Mean).OtherForms["normal"], 0.005001);
    }

    [Fact]
    public void Of_ThreeArms_IsCorrectedAsBonferroniSays()
    {
        var size = Of(Share with { Arms = 3 });

        Assert.Equal((Correction.Bonferroni, 2, 0.025), (size.Correction, size.Comparisons, size.AlphaPerComparison));
        Assert.Equal(Of(Share with { Alpha = 0.025 }).PerArm, size.PerArm);
        Assert.Equal(3 * size.PerArm, size.Total);
    }

    [Fact]
    public void Of_KnownTraffic_SaysHowLongItTakesAndWhatIsFoundInAWeek()
    {
        var size = Of(Share with { UnitsPerDay = 768.2, Duration = TimeSpan.FromDays(10) });

        Assert.Equal(10, size.ExpectedDuration!.Value.TotalDays, 0.001);
        Assert.Equal(0.02, size.MinimumDetectableEffect!.Value, 1e-5);
        Assert.True(Of(Share with { UnitsPerDay = 768.2, Duration = TimeSpan.FromDays(40) }).MinimumDetectableEffect < 0.0101);
        Assert.Null(Of(Share).ExpectedDuration);
    }

    [Fact]
    public void Of_AlmostNothingToFind_StaysAFiniteAnswer()
    {
        Assert.InRange(Of(Mean with { MinimumEffect = 1e-4 }).Exact, 1e12, 1e13);
        Assert.Equal("minimum_effect", SampleSize.Of(Mean with { MinimumEffect = 1e-160 }).Refusal?.Field);
        Assert.Equal("minimum_effect", SampleSize.Of(Share with { MinimumEffect = 1e-12 }).Refusal?.Field);
    }

    public static readonly TheoryData<string, SampleSizeSpec> Bad = new()
    {
        { "kind", Share with { Kind = null } },
        { "minimum_effect", Share with { MinimumEffect = 0 } },
        { "minimum_effect", Share with { MinimumEffect = 0.95 } },
        { "minimum_effect", Share with { MinimumEffect = 0.11, Direction = MetricDirection.Decrease } },
        { "baseline", Share with { Baseline = null } },
        { "baseline", Share with { Baseline = 0 } },
        { "power", Share with { Power = 1 } },
        { "power", Share with { Power = 1.5 } },
        { "alpha", Share with { Alpha = -0.05 } },
        { "arms", Share with { Arms = 1 } },
        { "standard_deviation", Mean with { StandardDeviation = null } },
        { "standard_deviation", Mean with { StandardDeviation = -1 } },
        { "units_per_day", Share with { UnitsPerDay = 0 } },
        { "units_per_day", Share with { Duration = TimeSpan.FromDays(1) } },
        { "duration", Share with { UnitsPerDay = 5, Duration = TimeSpan.Zero } },
    };

    [Theory, MemberData(nameof(Bad), DisableDiscoveryEnumeration = true)]
    public void Of_ABadField_NamesIt(string field, SampleSizeSpec spec) => Assert.Equal(field, SampleSize.Of(spec).Refusal?.Field);

    private static SampleSize Of(SampleSizeSpec spec)
    {
        var outcome = SampleSize.Of(spec);
        Assert.Null(outcome.Refusal);
        return outcome.Value!;
    }
}
