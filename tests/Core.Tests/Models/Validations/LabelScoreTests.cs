using Platform.Core.Models.Gates;
using Platform.Core.Models.Validations;
using Platform.Core.Serving;

namespace Platform.Core.Tests.Models.Validations;

public sealed class LabelScoreTests
{
    [Fact]
    public void Classes_AreCountedAlikeHoweverMany()
    {
        var score = new LabelScore();
        foreach (var (label, answer) in (ReadOnlySpan<(long, long)>)[(0, 0), (0, 0), (0, 1), (1, 1), (2, 0)]) score.AddClass(label, answer);

        var figures = score.Figures().ToDictionary();

        // By hand: class 0 has 2 of 3 both ways, class 1 has precision 1/2 and recall 1, class 2 has neither.
        Assert.Equal(3.0 / 5, figures[GateMetrics.Accuracy], 12);
        Assert.Equal(((2.0 / 3) + 0.5 + 0) / 3, figures[GateMetrics.Precision], 12);
        Assert.Equal(((2.0 / 3) + 1 + 0) / 3, figures[GateMetrics.Recall], 12);
        Assert.Equal(((2.0 / 3) + (2.0 / 3) + 0) / 3, figures[GateMetrics.F1], 12);
        Assert.False(figures.ContainsKey(GateMetrics.Mae));
    }

    [Fact]
    public void Values_GiveErrorsAndNoAccuracy()
    {
        var score = new LabelScore();
        score.AddValue(1, 2);
        score.AddValue(1, 4);

        var figures = score.Figures().ToDictionary();

        Assert.Equal((2, 2.0, Math.Sqrt(5)), (score.Items, figures[GateMetrics.Mae], figures[GateMetrics.Rmse]));
        Assert.False(figures.ContainsKey(GateMetrics.Accuracy));
    }

    [Fact]
    public void Values_OfWhichOneIsNoNumber_WereNotMeasured()
    {
        var score = new LabelScore();
        score.AddValue(1, double.NaN);

        Assert.Empty(score.Figures());
    }

    [Fact]
    public void Scores_OfABinaryClassifier_GiveAccuracyToo()
    {
        var score = new LabelScore();
        foreach (var (label, answer) in (ReadOnlySpan<(double, double)>)[(0, 0.2), (0, 0.6), (1, 0.5), (1, 0.9)]) score.AddScore(label, answer, new ScoreReading());

        var figures = score.Figures().ToDictionary();

        Assert.Equal((4, 0.75), (score.Items, figures[GateMetrics.Accuracy]));
        // By hand: precision 1 and 2/3, recall 1/2 and 1.
        Assert.Equal((1 + (2.0 / 3)) / 2, figures[GateMetrics.Precision], 12);
        Assert.Equal(0.75, figures[GateMetrics.Recall], 12);
        Assert.Equal(0.35, figures[GateMetrics.Mae], 12);
    }

    [Theory]
    [InlineData(1, 1.5), InlineData(0.5, 0.5), InlineData(2, 1)]
    public void Scores_ThatAreNoProbabilitiesOfClasses_AreEstimates(double label, double answer)
    {
        var score = new LabelScore();
        score.AddScore(1, 0.9, new ScoreReading());
        score.AddScore(label, answer, new ScoreReading());
        Assert.False(score.Figures().ToDictionary().ContainsKey(GateMetrics.Accuracy));
        Assert.Equal(2, score.Items);
    }

    [Theory]
    [InlineData("binary-classification", null, 0.5, true), InlineData("regression", null, null, false), InlineData("", null, 0.5, false)]
    [InlineData("regression", FeedbackKind.Threshold, 0.7, true), InlineData("classification", FeedbackKind.Value, null, false)]
    public void Reading_IsTheDeploymentsThenTheTasks(string task, FeedbackKind? kind, double? from, bool isClass) => Assert.Equal(
        new ScoreReading(from, isClass), ScoreReading.Of(task, kind is null ? null : new FeedbackConfig(As: kind, Threshold: kind is FeedbackKind.Threshold ? 0.7 : null)));
}
