using Platform.Core.Rollouts;

namespace Platform.Core.Tests.Rollouts;

public sealed class AnswerComparisonTests
{
    private static AnswerOutput[] Answer(int columns, params double[] values) => [new("y", columns, values)];

    [Theory]
    [InlineData(2, new[] { 0.9, 0.1 }, new[] { 0.6, 0.4 }, true)]
    [InlineData(2, new[] { 0.9, 0.1 }, new[] { 0.4, 0.6 }, false)]
    [InlineData(2, new[] { 0.9, 0.1, 0.2, 0.8 }, new[] { 0.9, 0.1, 0.7, 0.3 }, false)]
    [InlineData(1, new[] { 100.0 }, new[] { 100.9 }, true)]
    [InlineData(1, new[] { 100.0 }, new[] { 102.0 }, false)]
    [InlineData(1, new[] { 0.001 }, new[] { 0.002 }, true)]
    [InlineData(1, new[] { double.NaN }, new[] { double.NaN }, true)]
    [InlineData(1, new[] { 1.0 }, new[] { double.NaN }, false)]
    public void Compare_TwoAnswers_AgreeWhenTheySayTheSame(int columns, double[] stable, double[] shadow, bool agree) =>
        Assert.Equal(agree ? 1 : 0, AnswerComparison.Compare(Answer(columns, stable), Answer(columns, shadow)).Agreed);

    [Fact]
    public void Compare_Numbers_AddsUpTheirDifferences()
    {
        var figures = AnswerComparison.Compare(Answer(2, 1, 2), Answer(2, 1.5, 4)) + AnswerComparison.Compare(Answer(2, 1, 2), Answer(2, 1, 2));
        Assert.Equal((2L, 4L, 2.5, 2.0), (figures.Compared, figures.Numbers, figures.SumAbsoluteDifference, figures.MaxAbsoluteDifference));
        Assert.Equal((1.0, 0.625), (figures.Agreement, figures.MeanAbsoluteDifference));
    }

    [Fact]
    public void Compare_OtherOutputsOrShapes_DoNotAgree()
    {
        Assert.Equal(0, AnswerComparison.Compare(Answer(2, 1, 2), Answer(1, 1, 2)).Agreed);
        Assert.Equal(0, AnswerComparison.Compare(Answer(2, 1, 2), [new("z", 2, [1, 2])]).Agreed);
        Assert.Equal(0, AnswerComparison.Compare([], []).Agreed);
        Assert.Null(ShadowFigures.None.Agreement);
    }
}
