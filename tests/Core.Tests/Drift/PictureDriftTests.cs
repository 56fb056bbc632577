using Platform.Core.Drift;
using Platform.Core.Statistics;

namespace Platform.Core.Tests.Drift;

/// <summary>Histograms of pictures, whose points are alike within a picture.</summary>
public sealed class PictureDriftTests
{
    private static readonly FeatureInfo Brightness = new("image.brightness", FeatureKind.Histogram, IsOutput: false);
    private static readonly RowLayout Layout = new([Brightness]);

    [Theory]
    [InlineData(0.0, 200), InlineData(0.3, 200), InlineData(1.0, 200), InlineData(3.0, 200), InlineData(1.0, 2_000)]
    public void Alarms_HoweverAlikeThePointsOfAPicture_AreAsManyAsTheLevelSays(double alike, int n)
    {
        const int References = 60, Windows = 10;
        const double Level = 0.05;
        var random = new Random(n + (int)(10 * alike));
        var (alarms, naive) = (0, 0);
        for (var i = 0; i < References; i++)
        {
            var test = Reference(random, alike, 1_000, Level);
            for (var window = 0; window < Windows; window++)
            {
                var counts = Count(test.Reference, Pictures(random, alike, 0, n));
                var feature = test.Run(counts).Features[0];
                alarms += feature.Verdict is DriftVerdict.Drift ? 1 : 0;
                naive += feature.Psi!.Statistic > PopulationStability.Threshold(Level, FeatureBins.HistogramQuantiles, n * FeatureInfo.Points, 1_000 * FeatureInfo.Points) ? 1 : 0;
            }
        }

        Assert.InRange((double)alarms / (References * Windows), 0.5 * Level, 1.5 * Level);
        // As if each point were a picture of its own, alarms would be false several times too often.
        if (alike >= 1) Assert.True(naive > 3 * alarms, $"{naive} {alarms}");
    }

    [Fact]
    public void Pictures_ThatAreBrighter_OrHaveMoreContrast_AreDrift()
    {
        var random = new Random(2);
        var test = Reference(random, 1, 1_000, DriftTest.Level);

        Assert.Equal(DriftVerdict.NoDrift, test.Run(Count(test.Reference, Pictures(random, 1, 0, 500))).Verdict);
        Assert.Equal(DriftVerdict.Drift, test.Run(Count(test.Reference, Pictures(random, 1, 0.5, 500))).Verdict);
        Assert.Equal(DriftVerdict.Drift, test.Run(Count(test.Reference, [.. Pictures(random, 1, 0, 500).Select(row => row.Select(point => point * 1.4f).ToArray())])).Verdict);
    }

    [Fact]
    public void Pictures_ThatWereAllTheSame_AndAreNoMore_AreDrift()
    {
        var rows = Enumerable.Repeat(new float[FeatureInfo.Points], 200).ToArray();
        var baseline = DriftBaseline.Of("r", DriftReference.FromDataset, default, [Brightness], rows);
        var test = new DriftTest(baseline.Reference, baseline.Counts);

        Assert.Equal(DriftVerdict.NoDrift, test.Run(Count(test.Reference, rows)).Verdict);
        Assert.Equal(DriftVerdict.Drift, test.Run(Count(test.Reference, [.. rows.Select(row => row.Select(_ => 1f).ToArray())])).Verdict);
    }

    [Fact]
    public void Reference_WithTheHistogramOfFewPictures_SaysSoOfItAlone()
    {
        var layout = new RowLayout([Brightness, new("image.mean", FeatureKind.Number, false)]);
        var random = new Random(4);
        // Only the first rows were kept with their points.
        float[][] rows = [.. Enumerable.Range(0, 500).Select(i => Pictures(random, 1, 0, 1)[0].Prepend((float)random.NextDouble()).Take(i < 64 ? layout.Width : layout.Singles).ToArray())];
        var baseline = DriftBaseline.Of("r", DriftReference.FromRequests, default, [Brightness, new("image.mean", FeatureKind.Number, false)], rows);

        var report = new DriftTest(baseline.Reference, baseline.Counts).Run(baseline.Counts with { Items = 500, Bins = [.. baseline.Counts.Bins.Select(bins => bins.Select(count => count * 4).ToArray()).Select(bins => System.Collections.Immutable.ImmutableArray.Create(bins))] });

        Assert.Equal([DriftVerdict.NoReferenceYet, DriftVerdict.NoDrift], report.Features.Select(feature => feature.Verdict));
        Assert.Equal(64, baseline.Counts.Bins[0].Take(baseline.Reference.Features[0].Bins).Sum() / FeatureInfo.Points);
    }

    [Fact]
    public void Histogram_WithTheCountsOfAReferenceAndAWindow_TakesFourKilobytesAtMost()
    {
        var bins = FeatureBins.Of(Brightness, Enumerable.Range(0, 5_000).Select(i => (double)i));

        Assert.Equal(FeatureBins.HistogramQuantiles + 3, bins.Bins);
        Assert.True(((2 * bins.Count) + bins.Edges.Length) * sizeof(double) <= 4096);
    }

    private static DriftTest Reference(Random random, double alike, int m, double level)
    {
        var baseline = DriftBaseline.Of("r", DriftReference.FromRequests, default, [Brightness], Pictures(random, alike, 0, m));
        return new DriftTest(baseline.Reference, baseline.Counts, level);
    }

    private static DriftCounts Count(DriftReference reference, float[][] rows)
    {
        var counts = new long[reference.Features[0].Count];
        foreach (var row in rows) reference.Features[0].Add(Layout.Of((ReadOnlySpan<float>)row, 0), counts);
        return new(rows.Length, [[.. counts]]);
    }

    /// <param name="alike">How far pictures lie apart, in deviations of the points of one.</param>
    private static float[][] Pictures(Random random, double alike, double brighter, int count) => [.. Enumerable.Range(0, count).Select(_ =>
    {
        var own = brighter + (alike * Gauss(random));
        return Enumerable.Range(0, FeatureInfo.Points).Select(_ => (float)(own + Gauss(random))).ToArray();
    })];

    private static double Gauss(Random random) => Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())) * Math.Cos(2 * Math.PI * random.NextDouble());
}
