using CsCheck;
using Platform.Core.Models.Gates;
using Platform.Core.Models.Validations;
using Platform.Core.Quality;
using Platform.Core.Serving;

namespace Platform.Core.Tests.Quality;

public sealed class QualityFiguresTests
{
    [Fact]
    public void Classes_OfAHandMadeExample_HaveTheFiguresOfTheTextbook()
    {
        var quality = ClassificationQuality.From(Labelled((0, 0), (0, 0), (0, 1), (1, 1), (2, 0)))!;

        Assert.Equal(0.6, quality.Accuracy, 12);
        Assert.Equal(["0", "1", "2"], quality.Classes);
        Assert.Equal([[2L, 1, 0], [0, 1, 0], [1, 0, 0]], quality.Confusion.Select(row => row.ToArray()));
        Assert.Equal((2.0 / 3, 2.0 / 3, 3L, 3L), (quality.ByClass[0].Precision, quality.ByClass[0].Recall, quality.ByClass[0].Support, quality.ByClass[0].Predicted));
        // Weighted by 3, 1 and 1 labels.
        Assert.Equal(((3 * 2.0 / 3) + 0.5) / 5, quality.Weighted.Precision, 12);
        Assert.Equal(0.6, quality.Weighted.Recall, 12);
    }

    [Fact]
    public void Classes_AreScoredAsAValidationScoresThem() => Gen.Select(Gen.Int[0, 80], Gen.Int[0, 80]).Array[1, 60].Sample(pairs =>
    {
        var score = new LabelScore();
        foreach (var (label, answer) in pairs) score.AddClass(Math.Min(label, 63), Math.Min(answer, 63));

        var quality = ClassificationQuality.From(Labelled([.. pairs.Select(pair => (Math.Min(pair.Item1, 63), Math.Min(pair.Item2, 63)))]))!;

        var expected = score.Figures().ToDictionary();
        Assert.Equal(expected[GateMetrics.Accuracy], quality.Accuracy, 12);
        Assert.Equal(expected[GateMetrics.Precision], quality.Macro.Precision, 12);
        Assert.Equal(expected[GateMetrics.Recall], quality.Macro.Recall, 12);
        Assert.Equal(expected[GateMetrics.F1], quality.Macro.F1, 12);
    });

    [Fact]
    public void ClassesBeyondTheLimit_AreOneInTheMatrix_AndStillRightOrWrong()
    {
        var quality = ClassificationQuality.From(Labelled((500, 500), (500, 700), (3, 3)))!;

        Assert.Equal(2.0 / 3, quality.Accuracy, 12);
        Assert.Equal(["3", "other"], quality.Classes);
        Assert.Equal([[1L, 0], [0, 2]], quality.Confusion.Select(row => row.ToArray()));
        Assert.Equal((0.5, 0.5), (quality.ByClass[1].Precision, quality.ByClass[1].Recall));
    }

    [Fact]
    public void Counters_OfOneSlot_AreBoundedWhateverTheClasses()
    {
        var counts = new QualityCounts();
        var random = new Random(7);
        for (var i = 0; i < 200_000; i++)
        {
            var answer = Answer(random.Next(5000));
            Counting.Predicted(counts, answer, kept: true);
            Counting.Labelled(counts, answer, 0, random.Next(5000), 1);
        }

        var classes = CounterNames.MaxClasses + 1;
        Assert.InRange(counts.All.Count(), classes, (classes * classes) + (3 * classes) + (3 * CounterNames.CalibrationBins) + 20);
    }

    [Fact]
    public void Values_HaveMeanAndRootMeanSquareOfTheirErrors()
    {
        var counts = new QualityCounts();
        foreach (var (label, answer) in (ReadOnlySpan<(double, double)>)[(1, 2), (1, 4), (5, double.NaN)])
            Counting.Labelled(counts, new(FeedbackKind.Value, [new(answer, null, double.IsFinite(answer))], []), 0, label, 1);

        Assert.Equal(new RegressionQuality(2, Math.Sqrt(5)), RegressionQuality.From(counts));
        Assert.Equal(3, counts[CounterNames.Labelled]);
    }

    [Fact]
    public void ExactSum_OfWhatIsTakenBack_IsWhatIsLeft() => Gen.Double.Where(double.IsFinite).Array[1, 20].Sample(values =>
    {
        var counts = new QualityCounts();
        foreach (var value in values) ExactSum.Add(counts, "s", value, 1);
        foreach (var value in values.Skip(1)) ExactSum.Add(counts, "s", value, -1);

        Assert.Equal(values[0], ExactSum.Read(counts, "s"));
    });

    [Theory]
    [InlineData(0.9, 0.5, 0.45, 0.95)]
    [InlineData(1, 1, 1, 1)]
    [InlineData(0.3, 0, 0, 1)]
    public void Bounds_AreThoseOfAllRightAndAllWrong(double measured, double coverage, double low, double high)
    {
        var bounds = LabelCoverage.Bound(measured, coverage);

        Assert.Equal((low, high), (bounds.Low, bounds.High));
    }

    private static PredictedAnswer Answer(double value, double? confidence = null) => new(FeedbackKind.Argmax, [new(value, confidence, true)], []);

    private static QualityCounts Labelled(params (int Label, int Answer)[] pairs)
    {
        var counts = new QualityCounts();
        foreach (var (label, answer) in pairs) Counting.Labelled(counts, Answer(answer), 0, label, 1);
        return counts;
    }
}
