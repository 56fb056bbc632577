using Platform.Core.Models.Gates;
using Platform.Core.Models.Validations;

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
}
