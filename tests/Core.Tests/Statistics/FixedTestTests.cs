using CsCheck;
using Platform.Core.Statistics;

namespace Platform.Core.Tests.Statistics;

/// <summary>Reference values of R and scipy.</summary>
public sealed class FixedTestTests
{
    private static readonly double[] X = [27.5, 21.0, 19.0, 23.6, 17.0, 17.9, 16.9, 20.1, 21.9, 22.6, 23.1, 19.6, 19.0, 21.7, 21.4];
    private static readonly double[] Y = [27.1, 22.0, 20.8, 23.4, 23.4, 23.5, 25.8, 22.0, 24.8, 20.2, 21.9, 22.1, 22.9, 30.5, 24.4];
    private static readonly RankedValues A = RankedValues.Of([1.1, 2.2, 3.3, 4.4, 5.5]);
    private static readonly RankedValues B = RankedValues.Of([2, 3, 4, 6, 7, 8]);

    [Fact]
    public void Welch_MatchesTheReference()
    {
        var found = WelchTest.Compare(SampleMoments.Of(Y), SampleMoments.Of(X))!;

        Close.Assert(-2.85295487, found.T, 1e-7);
        Close.Assert(27.88730399, found.Degrees, 1e-7);
        Close.Assert(0.00807193817, found.PValue, 1e-7);
        Assert.InRange(0, found.High, double.PositiveInfinity);
        Assert.Equal(found.Difference, (found.Low + found.High) / 2, 1e-12);
    }

    [Fact]
    public void Welch_IntervalTouchesZero_WhereAlphaIsThePValue()
    {
        var (x, y) = (SampleMoments.Of(X), SampleMoments.Of(Y));
        var found = WelchTest.Compare(x, y, WelchTest.Compare(x, y)!.PValue)!;

        Assert.Equal(0, found.Low, 1e-9);
    }

    [Fact]
    public void CohenD_MatchesTheReference() => Assert.Equal(
        3.03822, WelchTest.Compare(SampleMoments.Of([1, 1, 1, 2, 2, 2]), SampleMoments.Of([5, 5, 5, 10, 10, 10]))!.CohenD, 5e-6);

    [Fact]
    public void Welch_WithoutSpreadOrValues_IsNothing()
    {
        Assert.Null(WelchTest.Compare(SampleMoments.Of([1]), SampleMoments.Of(X)));
        Assert.Null(WelchTest.Compare(SampleMoments.Of([1, 1]), SampleMoments.Of([2, 2])));
    }

    [Fact]
    public void MannWhitney_MatchesTheReference()
    {
        var found = MannWhitney.Compare(A, B)!;

        Assert.Equal(9, found.U);
        Assert.Equal(RankMethod.Exact, found.Method);
        Close.Assert(0.329004329, found.PValue, 1e-8);
        Assert.Equal(-1.7, -found.Shift, 1e-12);
        Assert.Equal(9 / 30.0, 1 - found.Superiority, 1e-12);
        Close.Assert(0.315302452, MannWhitney.NormalPValue(A, B, 0.5), 1e-8);
        Close.Assert(0.273321678, MannWhitney.NormalPValue(A, B, 0), 1e-8);
    }

    [Fact]
    public void MannWhitney_TheOtherWayRound_IsTheOpposite() => Samples.Sample((a, b) =>
    {
        var (found, other) = (MannWhitney.Compare(a, b), MannWhitney.Compare(b, a));
        if (found is null)
        {
            Assert.Null(other);
            return;
        }

        Assert.Equal(found.PValue, other!.PValue, 1e-9);
        Assert.Equal(found.Shift, -other.Shift, 1e-6);
        Assert.Equal(found.U, a.Count * b.Count - other.U, 1e-9);
    });

    [Fact]
    public void MannWhitney_ShiftIsTheMedianOfAllDifferences() => Samples.Sample((a, b) =>
    {
        if (MannWhitney.Compare(a, b) is not { } found) return;
        var differences = (from x in Each(a) from y in Each(b) select y - x).Order().ToArray();
        var median = (differences[(differences.Length - 1) / 2] + differences[differences.Length / 2]) / 2;
        Assert.Equal(median, found.Shift, 1e-6);
        Assert.True(found.Low <= found.Shift + 1e-6 && found.Shift <= found.High + 1e-6);
    });

    [Fact]
    public void MannWhitney_OfAHistogram_IsThatOfItsValues()
    {
        var counted = new RankedValues([new(1, 2), new(2, 1), new(5, 0)]);
        var listed = RankedValues.Of([2, 1, 1]);

        Assert.Equal(MannWhitney.Compare(listed, B), MannWhitney.Compare(counted, B));
    }

    [Fact]
    public void MannWhitney_WithoutValuesOrDifference_IsNothing()
    {
        Assert.Null(MannWhitney.Compare(RankedValues.Of([]), B));
        Assert.Null(MannWhitney.Compare(RankedValues.Of([1, 1]), RankedValues.Of([1])));
    }

    /// <summary>P90 of NIST's twelve values, by R's type 7.</summary>
    [Theory]
    [InlineData(0.9, 95.19568), InlineData(0, 95.0610), InlineData(1, 95.1990), InlineData(0.5, 95.1579)]
    public void Percentile_MatchesTheReference(double share, double expected)
    {
        double[] nist = [95.1772, 95.1567, 95.1937, 95.1959, 95.1442, 95.0610, 95.1591, 95.1195, 95.1065, 95.0925, 95.1990, 95.1682];
        Assert.Equal(expected, RankedValues.Of(nist).Percentile(share)!.Value, 1e-9);
        Assert.Equal(expected, new RankedValues(nist.Select(value => new CountedValue(value, 1))).Percentile(share)!.Value, 1e-9);
    }

    [Fact]
    public void Percentile_OfNothing_IsNothing() => Assert.Null(RankedValues.Of([]).Percentile(0.5));

    [Fact]
    public void Percentile_OfAHistogram_IsThatOfItsValues() =>
        Assert.Equal(RankedValues.Of([1, 1, 1, 2, 9]).Percentile(0.7), new RankedValues([new(9, 1), new(1, 3), new(2, 1)]).Percentile(0.7));

    [Fact]
    public void Wilson_HoldsTheShareAndStaysWithinOne()
    {
        var found = ProportionInterval.Wilson(0, 10, 0.05);
        Assert.Equal((0, 0.277532799863), (found.Low, Math.Round(found.High, 12)));
        Assert.Equal(1, ProportionInterval.Wilson(7, 7, 0.05).High, 1e-12);
    }

    [Fact]
    public void Newcombe_MatchesItsPaper()
    {
        // Newcombe 1998, table II, (a): 56/70 less 48/80.
        var found = ProportionInterval.Newcombe(48, 80, 56, 70, 0.05);
        Assert.Equal((0.0524, 0.3339), (Math.Round(found.Low, 4), Math.Round(found.High, 4)));
    }

    private static readonly Gen<RankedValues> Sample = Gen.Int[0, 12].Array[1, 9].Select(values => RankedValues.Of(values.Select(value => value * 0.5)));
    private static readonly Gen<(RankedValues, RankedValues)> Samples = Gen.Select(Sample, Sample);

    private static IEnumerable<double> Each(RankedValues values) =>
        values.Groups.SelectMany(group => Enumerable.Repeat(group.Value, (int)group.Count));
}
