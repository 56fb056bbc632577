using System.Collections.Immutable;
using Platform.Core.Models;
using Platform.Core.Models.Gates;
using Platform.Core.Models.Validations;

namespace Platform.Core.Tests.Models.Validations;

public sealed class ValidationJudgeTests
{
    private static readonly MeasuredVersion Version = new("1.0.0", new(1, "", true, null), new(
        [], [], "", ImmutableDictionary<string, long>.Empty, ImmutableDictionary<string, string>.Empty));

    [Theory]
    [InlineData(CheckVerdict.Pass, 0.96, 0.96, ValidationState.Passed, VersionStage.Validated)]
    [InlineData(CheckVerdict.Skipped, 0.96, null, ValidationState.Passed, VersionStage.Validated)]
    [InlineData(CheckVerdict.Fail, 0.96, 0.96, ValidationState.Failed, VersionStage.Rejected)]
    [InlineData(CheckVerdict.Pass, 0.94, 0.94, ValidationState.Failed, VersionStage.Rejected)]
    [InlineData(CheckVerdict.Pass, 0.96, 0.98, ValidationState.Failed, VersionStage.Rejected)]
    [InlineData(CheckVerdict.Pass, null, 0.96, ValidationState.Failed, VersionStage.Rejected)]
    public void Judge_NeedsEveryCheckAndEveryGate(
        CheckVerdict check, double? accuracy, double? production, ValidationState expected, VersionStage stage)
    {
        var run = new ValidationRun(
            "1", "m", Version, production is null ? null : Version with { Version = "0.9.0" }, null,
            [new(GateMetrics.Accuracy, ComparisonOperator.AtLeast, 0.95), new(GateMetrics.Accuracy, MaxDrop: 0.01)], "ann", default);

        var judged = ValidationJudge.Judge(run, Measured(check, accuracy), production is null ? null : Measured(CheckVerdict.Pass, production), default);

        Assert.Equal(expected, judged.State);
        Assert.Equal(stage, ValidationJudge.StageOf(judged.State));
        Assert.Equal(expected is ValidationState.Passed, judged.Reason is null);
        Assert.Equal(2, judged.Report!.Gates.Length);
    }

    private static Measurement Measured(CheckVerdict check, double? accuracy)
    {
        var figures = ImmutableSortedDictionary<string, double>.Empty;
        return new([new("load", check, "…")], accuracy is { } value ? figures.Add(GateMetrics.Accuracy, value) : figures, 1);
    }
}
