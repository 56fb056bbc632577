using Platform.Core.Rollouts;
using Platform.Core.Statistics;
using static Platform.Core.Tests.Rollouts.RolloutSamples;

namespace Platform.Core.Tests.Rollouts;

public sealed class JudgeTests
{
    private const double Alpha = 0.01;
    private static readonly GuardrailCheck Errors = new("error_rate", Bound.MaxRatioToStable, 1);
    private static readonly GuardrailCheck ErrorsMax = new("error_rate", Bound.Max, 0.01);
    private static readonly GuardrailCheck Accuracy = new("accuracy", Bound.MaxDrop, 0.02);
    private static readonly GuardrailCheck Agreement = new("agreement", Bound.Min, 0.95);

    private static JudgeState Run(GuardrailCheck check, int ticks, CountTick? tick, bool alone = false)
    {
        var state = Judge.NextStep(Judge.Start(-1, [check], _ => Dispersion.Empty), alone);
        for (var slot = 0; slot < ticks; slot++) state = Judge.Observe(state, slot, [new(check, tick)], Alpha);
        return state;
    }

    private static Measurement Look(JudgeState state, CountTick? last = null, int minRequests = 100, double perSecond = 10) =>
        Judge.Measure(state.Checks[0], new(state.Checks[0].Check, last), Alpha, 1, minRequests, perSecond, Start);

    [Fact]
    public void Measure_HealthyCanary_PassesWithItsNumbers()
    {
        var look = Look(Run(Errors, 60, new(10, 0, 190, 1)), default(CountTick));
        Assert.Equal((CheckVerdict.Pass, 600L, 0L, 11_400L, 60L), (look.Verdict, look.CanaryRequests, look.CanaryBad, look.StableRequests, look.StableBad));
        Assert.True(look.EValue < 1);
        Assert.Equal(1, look.PValue);
    }

    [Fact]
    public void Measure_BrokenCanary_FailsFastWithPAndE()
    {
        var look = Look(Run(Errors, 6, new(10, 5, 190, 1)), default(CountTick));
        Assert.Equal(CheckVerdict.Fail, look.Verdict);
        Assert.True(look.EValue > 100 && look.PValue < Alpha, $"{look}");
    }

    [Theory]
    [InlineData(true), InlineData(false)]
    public void Measure_SharedIncident_IsNotTheCanarysFault(bool absolute)
    {
        var look = Look(Run(absolute ? ErrorsMax : Errors, 120, new(10, 2, 190, 38)), default(CountTick));
        Assert.NotEqual(CheckVerdict.Fail, look.Verdict);
        if (absolute) Assert.Equal(CheckReason.SharedWithStable, look.Reason);
    }

    [Fact]
    public void Measure_AfterASharedIncident_PassesAgainSoon()
    {
        var state = Run(ErrorsMax, 3_600, new(10, 2, 190, 38));
        Assert.Equal(CheckReason.SharedWithStable, Look(state, default(CountTick)).Reason);
        for (var slot = 3_600; slot < 3_900; slot++) state = Judge.Observe(state, slot, [new(ErrorsMax, new CountTick(10, 0, 190, 1))], Alpha);
        Assert.Equal(CheckVerdict.Pass, Look(state, default(CountTick)).Verdict);
    }

    [Fact]
    public void Measure_AboveALimitThatStableKeeps_Fails() =>
        Assert.Equal(CheckVerdict.Fail, Look(Run(ErrorsMax, 60, new(10, 1, 190, 1)), default(CountTick)).Verdict);

    [Fact]
    public void Measure_BelowTheLimitThoughWorseThanStable_Passes() =>
        Assert.Equal(CheckVerdict.Pass, Look(Run(new("error_rate", Bound.Max, 0.2), 60, new(20, 1, 180, 1)), default(CountTick)).Verdict);

    [Fact]
    public void Measure_WithoutStableTraffic_TheLimitAloneJudges()
    {
        Assert.Equal(CheckReason.AboveTheLimit, Look(Run(ErrorsMax, 30, new(100, 10, 0, 0), alone: true), default(CountTick)).Reason);
        Assert.Equal(CheckVerdict.Pass, Look(Run(ErrorsMax, 30, new(100, 0, 0, 0), alone: true), default(CountTick)).Verdict);
        Assert.Equal(CheckReason.NothingToCompareWith, Look(Run(Errors, 30, new(100, 10, 0, 0), alone: true), default(CountTick)).Reason);
    }

    [Fact]
    public void Measure_WithoutAnyRequest_IsItsOwnState()
    {
        var look = Look(Run(Errors, 30, new(0, 0, 100, 1)), default(CountTick), perSecond: 0);
        Assert.Equal((CheckVerdict.NoData, CheckReason.NoRequests, 100L, (TimeSpan?)null), (look.Verdict, look.Reason, look.RequestsMissing, look.ExpectedDecision));
        Assert.Equal(CheckReason.NotMeasured, Look(Run(Accuracy, 30, null)).Reason);
    }

    [Fact]
    public void Measure_WithTooFewRequests_SaysHowManyMoreAndHowLong()
    {
        var look = Look(Run(Errors, 4, new(10, 0, 190, 1)), default(CountTick));
        Assert.Equal((CheckVerdict.Inconclusive, CheckReason.TooFewRequests, 60L, TimeSpan.FromSeconds(6)), (look.Verdict, look.Reason, look.RequestsMissing, look.ExpectedDecision));
    }

    [Fact]
    public void Measure_Accuracy_IsToldAsPeopleKnowIt()
    {
        var healthy = Look(Run(Accuracy, 100, new(10, 1, 100, 9)), default(CountTick));
        Assert.Equal((CheckVerdict.Pass, 0.9), (healthy.Verdict, Math.Round(healthy.Canary!.Value, 9)));
        Assert.Equal(CheckVerdict.Fail, Look(Run(Accuracy, 60, new(10, 4, 100, 2)), default(CountTick)).Verdict);
    }

    [Fact]
    public void Measure_Agreement_NeedsNoStableCounts()
    {
        var state = Judge.Start(-1, [Agreement], _ => Dispersion.Empty);
        for (var slot = 0; slot < 30; slot++) state = Judge.Observe(state, slot, [new(Agreement, new CountTick(10, 5, 0, 0))], Alpha);
        Assert.Equal((CheckVerdict.Fail, 0.5), (Look(state, default(CountTick)).Verdict, Look(state, default(CountTick)).Canary!.Value));
    }

    [Fact]
    public void Observe_ASlotAgain_CountsNothingTwice()
    {
        var state = Run(Errors, 10, new(10, 1, 190, 1));
        Assert.Same(state, Judge.Observe(state, 9, [new(Errors, new CountTick(10, 10, 190, 0))], Alpha));
        Assert.NotSame(state, Judge.Observe(state, 10, [new(Errors, new CountTick(10, 10, 190, 0))], Alpha));
    }

    [Fact]
    public void FailureLimit_LetsThatManyFailingTicksPass()
    {
        var plan = Plan(Request() with { Analysis = new(FailureLimit: 2, Metrics: [new("error_rate", MaxRatioToStable: 1)]) });
        var state = Run(Errors, 0, default);
        var verdicts = new List<StepVerdict>();
        for (var slot = 0; slot < 12; slot++)
        {
            CheckCounts[] counts = [new(Errors, new CountTick(10, 8, 190, 0))];
            state = Judge.Observe(state, slot, counts, Alpha);
            verdicts.Add(StepJudgement.Of(state, plan, 0, counts, 10, Start).Verdict);
        }

        var firstBroken = 12 - state.Checks[0].FailingTicks;
        Assert.Equal(firstBroken + 2, verdicts.IndexOf(StepVerdict.Fail));
    }
}
