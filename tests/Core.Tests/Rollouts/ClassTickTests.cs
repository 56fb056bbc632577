using Platform.Core.Quality;
using Platform.Core.Rollouts;
using Platform.Core.Statistics;

namespace Platform.Core.Tests.Rollouts;

public sealed class ClassTickTests
{
    private static QualityCounts Labelled(params (int Label, int Answer, int Times)[] items)
    {
        var counts = new QualityCounts();
        foreach (var (label, answer, times) in items)
        {
            var said = new PredictedAnswer(Core.Serving.FeedbackKind.Argmax, [new PredictedItem(answer, null, true)], []);
            for (var i = 0; i < times; i++)
            {
                Counting.Predicted(counts, said, kept: true);
                Counting.Labelled(counts, said, 0, label, 1);
            }
        }

        return counts;
    }

    private static CountTick? Of(string metric, QualityCounts canary, string? part, int parts = 11, bool rarer = false)
    {
        var whole = new GuardrailCheck(metric, metric == "output_drift" ? Bound.Max : Bound.MaxDrop, 0.1, Parts: parts);
        return ClassTicks.Of(whole, canary, new QualityCounts()).FirstOrDefault(of => of.Check == whole with { Part = part, Rarer = rarer })?.Counts;
    }

    [Theory]
    // Of three 0s two are found; of three answers 0 two are right; four items have to do with 0.
    [InlineData("recall", "0", 3, 1), InlineData("precision", "0", 3, 1), InlineData("f1", "0", 4, 2)]
    [InlineData("recall", "1", 5, 1), InlineData("precision", "1", 5, 1), InlineData("f1", "1", 6, 2)]
    [InlineData("recall", null, 8, 2), InlineData("precision", null, 8, 2), InlineData("f1", null, 8, 2)]
    public void Labels_ByClass_AreTheMetricsOwnCounts(string metric, string? part, long items, long bad)
    {
        var counts = Labelled((0, 0, 2), (0, 1, 1), (1, 0, 1), (1, 1, 4));
        var tick = Of(metric, counts, part)!.Value;
        Assert.Equal((items, bad), (tick.CanaryRequests, tick.CanaryBad));
        if (part is null) return;

        // As people know them, from the same counts.
        var known = ClassificationQuality.From(counts)!.ByClass[int.Parse(part, System.Globalization.CultureInfo.InvariantCulture)];
        var check = new GuardrailCheck(metric, Bound.MaxDrop, 0.1, part);
        Assert.Equal(metric switch { "recall" => known.Recall, "precision" => known.Precision, _ => known.F1 }, check.Value((double)bad / items), 12);
    }

    [Fact]
    public void Labels_OfUnknownClasses_ShareThePartThatIsForThem()
    {
        var tick = Of("recall", Labelled((0, 0, 2), (7, 8, 1), (9, 9, 2)), "other", parts: 3)!.Value;
        Assert.Equal((3L, 1L), (tick.CanaryRequests, tick.CanaryBad));
    }

    [Fact]
    public void Answers_WithoutAnyLabel_CountForDriftInBothDirections()
    {
        var counts = Labelled((0, 0, 2), (0, 1, 6));
        Assert.Equal(new CountTick(8, 6, 0, 0), Of("output_drift", counts, "1", parts: 22));
        Assert.Equal(new CountTick(8, 2, 0, 0), Of("output_drift", counts, "1", parts: 22, rarer: true));
        Assert.Equal(new CountTick(8, 0, 0, 0), Of("output_drift", counts, null, parts: 22));
    }

    [Fact]
    public void Values_AreNoClasses_YetDrift()
    {
        var counts = new QualityCounts();
        var said = new PredictedAnswer(Core.Serving.FeedbackKind.Value, [new(0.3, null, true), new(5, null, true), new(-5, null, true)], []);
        Counting.Predicted(counts, said, kept: true);
        Assert.Null(Of("f1", counts, null));
        Assert.Equal(3, ClassTicks.Of(new("output_drift", Bound.Max, 0.1, Parts: 130), counts, new()).Count(of => of.Check is { IsWhole: false, Rarer: false }));
    }

    [Theory]
    [InlineData(0, 0), InlineData(1, 16), InlineData(1.99, 16), InlineData(2, 17), InlineData(0.5, 15), InlineData(-1, 47), InlineData(1e30, 31), InlineData(1e-30, 1), InlineData(double.NaN, 31)]
    public void ValueBin_IsByPowerOfTwo(double value, int bin) => Assert.Equal($"v:{bin}", CounterNames.ValueBin(value));

    [Theory]
    [InlineData("accuracy", 10, 1), InlineData("f1", 10, 11), InlineData("output_drift", 10, 22), InlineData("recall", null, 65), InlineData("recall", 100_000, 65)]
    public void PartsOf_AreOneAClass_AndOneForAllOthers(string metric, int? classes, int parts) =>
        Assert.Equal(parts, ClassTicks.PartsOf(GuardrailCheck.KindOf(metric)!.Value, classes));
}
