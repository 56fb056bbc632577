using System.Collections.Immutable;
using Platform.Core.Experiments;
using Platform.Core.Quality;
using Platform.Core.Serving;

namespace Platform.Core.Tests.Experiments;

public sealed class UnitOutcomeTests
{
    private static readonly DateTimeOffset Start = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);

    private static readonly ExperimentPlan Plan = new(
        "id", ["control", "treatment"], ByRequest: false, Start, [new("accuracy", MetricKind.Proportion), new("money", MetricKind.Mean)]);

    [Fact]
    public void Of_ALabel_IsWhetherEveryLabelledItemWasRight()
    {
        Assert.Equal([("u", 1, 1.0)], Outcomes(Predicted(3), Labels(3)));
        Assert.Equal([("u", 1, 0.0)], Outcomes(Predicted(3), Labels(4)));
        Assert.Equal([("u", 1, 1.0)], Outcomes(Predicted(3, 5), Labels(3, null)));
        Assert.Equal([("u", 1, 0.0)], Outcomes(Predicted(3, 5), Labels(3, 6)));
        Assert.Empty(Outcomes(Predicted(3), Labels([null])));
    }

    [Fact]
    public void Of_AnOutcome_IsItsValueIfTheExperimentWatchesIt()
    {
        Assert.Equal([("u", 1, 2.5)], Outcomes(Predicted(3), Outcome("money", 2.5)));
        Assert.Empty(Outcomes(Predicted(3), Outcome("clicked", 1)));
        var before = Assert.Single(UnitOutcome.Of(Plan, Predicted(3), Outcome("money.before", 7), id => id));
        Assert.Equal((true, 7.0, "money"), (before.IsBefore, before.Value, before.Metric!.Name));
    }

    [Fact]
    public void Of_APredictionThatIsNoneOfTheExperiments_IsNothing()
    {
        Assert.Empty(Outcomes(Predicted(3) with { Route = "stable" }, Labels(3)));
        Assert.Empty(Outcomes(Predicted(3) with { Route = "arm:other" }, Labels(3)));
        Assert.Empty(Outcomes(Predicted(3) with { At = Start.AddSeconds(-1) }, Labels(3)));
    }

    [Fact]
    public void Of_APredictionWithoutAKey_OrByRequest_IsOfTheRequest()
    {
        Assert.Equal([("#r", 1, 1.0)], Outcomes(Predicted(3) with { Unit = null }, Labels(3)));
        Assert.Equal("#r", UnitOutcome.Of(Plan with { ByRequest = true }, Predicted(3), Labels(3), id => "#" + id).Single().Unit);
    }

    [Theory]
    [InlineData(MetricKind.Proportion, false, 1, true), InlineData(MetricKind.Proportion, false, 0.5, false), InlineData(MetricKind.Proportion, true, 0.5, true)]
    [InlineData(MetricKind.Mean, false, -3.5, true), InlineData(MetricKind.Mean, false, 1e13, false), InlineData(MetricKind.Mean, true, double.NaN, false)]
    public void Fits_SaysWhetherItIsAValueOfItsMetric(MetricKind kind, bool before, double value, bool expected) =>
        Assert.Equal(expected, new UnitOutcome("u", 0, new("m", kind), value) { IsBefore = before }.Fits);

    private static (string, int, double)[] Outcomes(Prediction prediction, FeedbackItem feedback) =>
        [.. UnitOutcome.Of(Plan, prediction, feedback, id => "#" + id).Select(outcome => (outcome.Unit, outcome.Arm, outcome.Value))];

    private static Prediction Predicted(params double[] classes) => new(
        "r", "m", "1.0.0", "arm:treatment", Start, Start.AddDays(1),
        new PredictedAnswer(FeedbackKind.Argmax, [.. classes.Select(value => new PredictedItem(value, null, true))], []), "u");

    private static FeedbackItem Labels(params double?[] labels) => new("r", [.. labels], null, null, Start);

    private static FeedbackItem Outcome(string metric, double value) => new("r", null, metric, value, Start);
}
