using CsCheck;
using Platform.Core.Models;
using Platform.Core.Models.Gates;

namespace Platform.Core.Tests.Models.Gates;

public sealed class GateEvaluationTests
{
    private static readonly Dictionary<string, double> Measured = new()
    {
        ["accuracy"] = 0.97, ["latency_p95_ms"] = 20, ["size_bytes"] = 52_428_800, ["mae"] = 1.5, ["f1"] = double.NaN,
    };

    private static readonly ProductionFigures Production = new(
        "1.1.0", new Dictionary<string, double> { ["accuracy"] = 0.98, ["mae"] = 1.4, ["latency_p95_ms"] = 15 });

    public static readonly TheoryData<Gate, GateVerdict, double?, string> Cases = new()
    {
        { new("accuracy", ComparisonOperator.AtLeast, 0.95), GateVerdict.Pass, 0.95, "accuracy is 0.97, as it must be >= 0.95." },
        { new("accuracy", ComparisonOperator.AtLeast, 0.975), GateVerdict.Fail, 0.975, "accuracy is 0.97, but must be >= 0.975." },
        { new("accuracy", ComparisonOperator.Above, 0.97), GateVerdict.Fail, 0.97, "accuracy is 0.97, but must be > 0.97." },
        { new("latency_p95_ms", ComparisonOperator.AtMost, 20), GateVerdict.Pass, 20, "latency_p95_ms is 20, as it must be <= 20." },
        { new("latency_p95_ms", ComparisonOperator.Below, 20), GateVerdict.Fail, 20, "latency_p95_ms is 20, but must be < 20." },
        { new("size_bytes", ComparisonOperator.AtMost, 50_000_000), GateVerdict.Fail, 5e7, "size_bytes is 52428800, but must be <= 50000000." },
        { new("recall", ComparisonOperator.AtLeast, 0.9), GateVerdict.NotMeasured, 0.9, "recall was not measured." },
        { new("f1", ComparisonOperator.AtLeast, 0.9), GateVerdict.NotMeasured, 0.9, "f1 was not measured." },
        {
            new("accuracy", MaxDrop: 0.01), GateVerdict.Pass, 0.97,
            "accuracy is 0.97, as it must be >= 0.97 (1.1.0 in production has 0.98, and it may be worse by 0.01)."
        },
        {
            new("accuracy", MaxDrop: 0.005), GateVerdict.Fail, 0.975,
            "accuracy is 0.97, but must be >= 0.975 (1.1.0 in production has 0.98, and it may be worse by 0.005)."
        },
        {
            new("mae", MaxDrop: 0.1), GateVerdict.Pass, 1.5,
            "mae is 1.5, as it must be <= 1.5 (1.1.0 in production has 1.4, and it may be worse by 0.1)."
        },
        {
            new("latency_p95_ms", MaxDrop: 4), GateVerdict.Fail, 19,
            "latency_p95_ms is 20, but must be <= 19 (1.1.0 in production has 15, and it may be worse by 4)."
        },
        { new("size_bytes", MaxDrop: 0), GateVerdict.NotMeasured, null, "size_bytes is 52428800, but was not measured for 1.1.0 in production." },
        { new("recall", MaxDrop: 0), GateVerdict.NotMeasured, null, "recall was not measured." },
    };

    [Theory, MemberData(nameof(Cases), DisableDiscoveryEnumeration = true)]
    public void Evaluate_OfAGate_GivesVerdictNumbersAndASentence(Gate gate, GateVerdict verdict, double? limit, string detail)
    {
        var report = GateEvaluation.Evaluate([gate], Measured, Production);
        var result = Assert.Single(report.Results);

        Assert.Equal((verdict, detail), (result.Verdict, result.Detail));
        Assert.Equal(limit is null, result.Limit is null);
        Assert.Equal(limit ?? 0, result.Limit ?? 0, 1e-12);
        Assert.Equal(verdict is GateVerdict.Pass, report.Passed);
        Assert.Equal(gate, result.Gate);
    }

    [Theory]
    [InlineData("accuracy", 0.93, 0.06, 0.87, true), InlineData("accuracy", 0.93, 0.06, 0.8699, false)]
    [InlineData("mae", 1.4, 0.2, 1.6, true), InlineData("mae", 1.4, 0.2, 1.6001, false)]
    public void Evaluate_OnTheVeryLimit_PassesWhateverDoublesMakeOfIt(string metric, double reference, double drop, double value, bool passes) =>
        Assert.Equal(passes, Passes(metric, reference, drop, value));

    [Fact]
    public void Evaluate_AgainstProductionWhileThereIsNone_Passes()
    {
        var result = GateEvaluation.Evaluate([new("accuracy", MaxDrop: 0.01)], Measured, production: null).Results[0];

        Assert.Equal(GateVerdict.Pass, result.Verdict);
        Assert.Null(result.Limit);
        Assert.Contains("nothing is in production", result.Detail, StringComparison.Ordinal);
    }

    [Fact]
    public void Passed_WithoutGates_IsTrueAndWithOneOpenFalse()
    {
        Assert.True(GateEvaluation.Evaluate([], Measured, Production).Passed);
        Assert.False(GateEvaluation.Evaluate([new("accuracy", MaxDrop: 0.01), new("recall", MaxDrop: 0)], Measured, Production).Passed);
    }

    [Fact]
    public void Evaluate_OfSomethingBetter_NeverPassesLess() => Gen.Select(
            Gen.OneOf("accuracy", "mae"), Gen.Double[0, 2], Gen.Double[0, 1], Gen.Double[0, 2], Gen.Double[0, 1])
        .Sample((metric, reference, drop, value, gain) =>
        {
            var better = GateMetrics.IsBetterHigher(metric) ? value + gain : value - gain;
            return !Passes(metric, reference, drop, value) || Passes(metric, reference, drop, better);
        });

    private static bool Passes(string metric, double reference, double drop, double value) => GateEvaluation.Evaluate(
        [new(metric, MaxDrop: drop)],
        new Dictionary<string, double> { [metric] = value },
        new("1.0.0", new Dictionary<string, double> { [metric] = reference })).Passed;
}
