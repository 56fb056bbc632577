using System.Collections.Immutable;
using CsCheck;
using Platform.Core.Drift;

namespace Platform.Core.Tests.Drift;

public sealed class DriftTestTests
{
    private static readonly FeatureInfo Number = new("x", FeatureKind.Number, IsOutput: false);
    private static readonly FeatureInfo Class = new("y.class", FeatureKind.Class, IsOutput: true);

    /// <summary>The simulations (tests/Simulations) have many more windows and sizes; these are enough to notice a test that is off.</summary>
    [Theory]
    [InlineData("normal", 200), InlineData("normal", 2_000)]
    [InlineData("lognormal", 500), InlineData("t3", 200), InlineData("t3", 2_000), InlineData("integers", 500)]
    public void Alarms_OnDataWithoutDrift_AreAsManyAsTheLevelSays(string shape, int n)
    {
        const int References = 80, Windows = 10;
        const double Level = 0.05;
        var random = new Random(n + shape.Length);
        var (ks, psi) = (0, 0);
        for (var i = 0; i < References; i++)
        {
            var test = Reference(() => Draw(shape, random), 2_000, Level);
            for (var window = 0; window < Windows; window++)
            {
                var feature = test.Run(Count(test.Reference, Sample(() => Draw(shape, random), n))).Features[0];
                ks += feature.Verdict is DriftVerdict.Drift ? 1 : 0;
                psi += feature.Psi!.P < Level ? 1 : 0;
            }
        }

        Assert.InRange((double)ks / (References * Windows), 0.5 * Level, 1.5 * Level);
        Assert.InRange((double)psi / (References * Windows), 0.5 * Level, 1.5 * Level);
    }

    [Theory]
    [InlineData("normal", 1.0), InlineData("lognormal", 2.161), InlineData("t3", 1.732)]
    public void Shift_OfThreeTenthsOfADeviation_IsFoundInFiveHundredItems(string shape, double deviation)
    {
        var random = new Random(5);
        var found = 0;
        for (var i = 0; i < 200; i++)
        {
            var test = Reference(() => Draw(shape, random), 2_000, DriftTest.Level);
            var report = test.Run(Count(test.Reference, Sample(() => Draw(shape, random) + (0.3 * deviation), 500)));
            found += report.Verdict is DriftVerdict.Drift && report.Score > 1 ? 1 : 0;
        }

        Assert.InRange(found, 190, 200);
    }

    [Theory]
    [InlineData(0, DriftVerdict.NoData), InlineData(DriftTest.MinItems - 1, DriftVerdict.TooFew), InlineData(DriftTest.MinItems, DriftVerdict.NoDrift)]
    public void Window_OfFewItems_IsAStateOfItsOwn(int n, DriftVerdict expected)
    {
        var random = new Random(3);
        var test = Reference(() => Draw("normal", random), 1_000, DriftTest.Level);

        var report = test.Run(Count(test.Reference, Sample(() => Draw("normal", random), n)));

        Assert.Equal((expected, expected), (report.Verdict, report.Features[0].Verdict));
        Assert.Equal(expected is DriftVerdict.NoDrift, report.Features[0].P is not null);
    }

    [Fact]
    public void Feature_ThatWasAlwaysTheSame_AndIsNoMore_HasDrifted()
    {
        var test = Reference(() => 7, 1_000, DriftTest.Level);

        Assert.Equal(DriftVerdict.NoDrift, test.Run(Count(test.Reference, Sample(() => 7, 300))).Verdict);
        Assert.Equal(DriftVerdict.Drift, test.Run(Count(test.Reference, Sample(() => 6.9, 300))).Verdict);
        Assert.Equal(DriftVerdict.Drift, test.Run(Count(test.Reference, Sample(() => 7.1, 300))).Verdict);
    }

    [Fact]
    public void Values_ThatAreNoNumbersAnyMore_AreDrift()
    {
        var random = new Random(4);
        var test = Reference(() => Draw("normal", random), 1_000, DriftTest.Level);

        Assert.Equal(DriftVerdict.Drift, test.Run(Count(test.Reference, Sample(() => random.Next(2) == 0 ? double.NaN : Draw("normal", random), 300))).Verdict);
    }

    [Fact]
    public void Classes_ThatChangeTheirShares_AreDrift_AndOnesThatDoNotAreNot()
    {
        var random = new Random(6);
        var bins = FeatureBins.Of(Class, []);
        var reference = new DriftReference("r", DriftReference.FromRequests, default, 1_000, [bins]);
        var test = new DriftTest(reference, Count(reference, Sample(() => random.Next(10), 1_000)));

        var same = test.Run(Count(reference, Sample(() => random.Next(10), 500)));
        var other = test.Run(Count(reference, Sample(() => random.Next(8), 500)));

        Assert.Equal(("psi", DriftVerdict.NoDrift), (same.Features[0].Test, same.Verdict));
        Assert.Equal(DriftVerdict.Drift, other.Verdict);
    }

    [Fact]
    public void Verdict_OverManyFeatures_AllowsForHowManyTheyAre()
    {
        const int Features = 50, Runs = 40, RunsOfAReference = 20;
        var (alarms, single) = (0, 0);
        var random = new Random(8);
        var bins = FeatureBins.Of(Number, Sample(() => Draw("normal", random), 2_000));
        var reference = new DriftReference("r", DriftReference.FromRequests, default, 2_000, [.. Enumerable.Repeat(bins, Features)]);
        var test = new DriftTest(reference, Columns());
        for (var run = 0; run < Runs; run++)
        {
            if (run == RunsOfAReference) test = new DriftTest(reference, Columns());
            var report = test.Run(Columns());
            alarms += report.Verdict is DriftVerdict.Drift ? 1 : 0;
            single += report.Features.Count(feature => feature.Verdict is DriftVerdict.Drift);
        }

        // Of 2,000 features some 20 are beyond their threshold, of 40 windows 0.4.
        Assert.InRange(single, 5, 45);
        Assert.InRange(alarms, 0, 4);

        DriftCounts Columns() => new(2_000, [.. Enumerable.Range(0, Features).Select(_ => Count(bins, Sample(() => Draw("normal", random), 2_000)))]);
    }

    [Fact]
    public void Bins_HoldEveryValue_AndTakeFourKilobytesAtMost() => Gen.Select(Gen.Double.Array[0, 60], Gen.Double).Sample((sample, value) =>
    {
        var bins = FeatureBins.Of(Number, sample);

        Assert.InRange(bins.BinOf(value), 0, bins.Count - 1);
        Assert.All(sample.Where(double.IsFinite), known => Assert.InRange(bins.BinOf(known), 1, bins.Edges.Length - 1));
        Assert.True(((2 * bins.Count) + bins.Edges.Length) * sizeof(double) <= 4096);
    });

    private static DriftTest Reference(Func<double> draw, int m, double level)
    {
        var sample = Sample(draw, m);
        var bins = FeatureBins.Of(Number, sample.Take(500));
        var reference = new DriftReference("r", DriftReference.FromRequests, default, m, [bins]);
        return new DriftTest(reference, Count(reference, sample), level);
    }

    private static DriftCounts Count(DriftReference reference, double[] values) => new(values.Length, [Count(reference.Features[0], values)]);

    private static ImmutableArray<long> Count(FeatureBins bins, double[] values)
    {
        var counts = new long[bins.Count];
        foreach (var value in values) counts[bins.BinOf(value)]++;
        return [.. counts];
    }

    private static double[] Sample(Func<double> draw, int count) => [.. Enumerable.Range(0, count).Select(_ => draw())];

    private static double Draw(string shape, Random random) => shape switch
    {
        "normal" => Gauss(random),
        "lognormal" => Math.Exp(Gauss(random)),
        "t3" => Gauss(random) / Math.Sqrt(Enumerable.Range(0, 3).Sum(_ => Math.Pow(Gauss(random), 2)) / 3),
        _ => Math.Round(2 * Gauss(random)),
    };

    private static double Gauss(Random random) => Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())) * Math.Cos(2 * Math.PI * random.NextDouble());
}
