using Platform.Core.Rollouts;
using Platform.Core.Statistics;
using static Platform.Core.Tests.Rollouts.RolloutSamples;

namespace Platform.Core.Tests.Rollouts;

/// <summary>Bounds that are judged class by class.</summary>
public sealed class ClassGuardrailTests
{
    private static readonly CountTick Healthy = new(10, 1, 40, 4);
    private static readonly CountTick Worse = new(10, 6, 40, 4);

    private static (JudgeState State, StepJudgement Judgement) Run(Guardrail guardrail, int ticks, params (string Part, CountTick Tick)[] parts)
    {
        var plan = RolloutRules.Read(Request() with { Analysis = new(MinRequests: 50, Metrics: [guardrail]) }, "2.0.0", "salt", classes: 10).Value!;
        var whole = Assert.Single(plan.Checks());
        var sum = parts.Aggregate(default(CountTick), (total, part) => total + part.Tick);
        CheckCounts[] counts = [new(whole, sum), .. parts.Select(part => new CheckCounts(whole with { Part = part.Part.TrimEnd('-'), Rarer = part.Part.EndsWith('-') }, part.Tick))];
        var state = Judge.Start(-1, plan.Checks(), _ => Dispersion.Empty);
        for (var slot = 0; slot < ticks; slot++) state = Judge.Observe(state, slot, counts, plan.Alpha);
        return (state, StepJudgement.Of(state, plan, 0, counts, 10, Start));
    }

    [Theory]
    [InlineData("recall"), InlineData("precision"), InlineData("f1")]
    public void AClassThatIsWorse_FailsTheBound_WithItsOwnNumbers(string metric)
    {
        var (_, judgement) = Run(new(metric, MaxDrop: 0.1), 60, ("3", Healthy), ("4", Worse));
        Assert.Equal(StepVerdict.Fail, judgement.Verdict);
        var look = Assert.Single(judgement.Measurements);
        Assert.Equal((metric, "4", CheckVerdict.Fail, 600L, 360L, 2_400L, 240L), (look.Metric, look.Class, look.Verdict, look.CanaryRequests, look.CanaryBad, look.StableRequests, look.StableBad));
        Assert.Equal(metric == "f1" ? 2 * 0.4 / 1.4 : 0.4, look.Canary!.Value, 9);
        // The rollout's alpha, for one bound, over ten classes and the unknown ones.
        Assert.Equal(0.01 / 11, look.Alpha, 12);
        Assert.True(look.EValue > 1_100 && look.PValue < look.Alpha);
        Assert.Contains("of class 4", judgement.Detail, StringComparison.Ordinal);
    }

    [Fact]
    public void EqualClasses_Pass_AndCountTogetherForTheStep()
    {
        var (_, judgement) = Run(new("f1", Min: 0.5), 3, ("3", Healthy), ("4", Healthy));
        Assert.Equal((StepVerdict.Pass, CheckVerdict.Pass, 0L), (judgement.Verdict, judgement.Measurements[0].Verdict, judgement.Measurements[0].RequestsMissing));
        Assert.Equal(CheckReason.TooFewRequests, Run(new("f1", Min: 0.5), 2, ("3", Healthy), ("4", Healthy)).Judgement.Measurements[0].Reason);
    }

    [Fact]
    public void AClassBelowItsLimit_ThatStableHasToo_IsNotTheCanarysFault()
    {
        Assert.Equal(CheckReason.SharedWithStable, Run(new("recall", Min: 0.9), 90, ("3", new(10, 5, 40, 20))).Judgement.Measurements[0].Reason);
        Assert.Equal(CheckVerdict.Fail, Run(new("recall", Min: 0.9), 90, ("3", new(10, 5, 40, 1))).Judgement.Measurements[0].Verdict);
    }

    [Fact]
    public void F1_WithinItsDrop_Passes()
    {
        // F1 of 0.9 and 0.95, from 10 in 55 and 10 in 105 that are wrong.
        var (_, judgement) = Run(new("f1", MaxDrop: 0.1), 200, ("3", new(55, 10, 105, 10)));
        Assert.Equal((CheckVerdict.Pass, 0.9), (judgement.Measurements[0].Verdict, Math.Round(judgement.Measurements[0].Canary!.Value, 6)));
    }

    [Theory]
    [InlineData("7", false), InlineData("7-", true)]
    public void OutputDrift_AClassMoreOrLessOftenAnswered_Fails(string part, bool isRarer)
    {
        var shifted = isRarer ? new CountTick(20, 18, 80, 40) : new CountTick(20, 12, 80, 8);
        var (_, judgement) = Run(new("output_drift", Max: 0.1), 240, ("1", new(20, 4, 80, 16)), (part, shifted));
        var look = Assert.Single(judgement.Measurements);
        Assert.Equal((StepVerdict.Fail, "7", isRarer ? 0.1 : 0.6), (judgement.Verdict, look.Class, Math.Round(look.Canary!.Value, 9)));
    }

    [Fact]
    public void OutputDrift_WithinTheLimit_Passes() =>
        Assert.Equal(StepVerdict.Pass, Run(new("output_drift", Max: 0.1), 240, ("1", new(20, 5, 80, 16)), ("1-", new(20, 15, 80, 64))).Judgement.Verdict);

    [Fact]
    public void NothingPredictedByClass_IsNotMeasured()
    {
        var plan = RolloutRules.Read(Request() with { Analysis = new(Metrics: [new("f1", Min: 0.5)]) }, "2.0.0", "salt").Value!;
        CheckCounts[] counts = [new(plan.Checks()[0], null)];
        var state = Judge.Observe(Judge.Start(-1, plan.Checks(), _ => Dispersion.Empty), 0, counts, plan.Alpha);
        Assert.Equal(CheckReason.NotMeasured, StepJudgement.Of(state, plan, 0, counts, 1, Start).Measurements[0].Reason);
    }

    [Fact]
    public void Parts_GoThroughStorage_AndOnlyOneLineOfThePlot()
    {
        var (state, _) = Run(new("f1", MaxDrop: 0.1), 5, ("3", Healthy), ("4", Worse));
        var read = System.Text.Json.JsonSerializer.Deserialize<JudgeState>(System.Text.Json.JsonSerializer.Serialize(state, PlatformJson.Options), PlatformJson.Options)!;
        Assert.Equal(state.Checks.Select(check => check.Check), read.Checks.Select(check => check.Check));
        Assert.Equal((3, 1), (read.Checks.Length, read.Bounds));
    }
}
