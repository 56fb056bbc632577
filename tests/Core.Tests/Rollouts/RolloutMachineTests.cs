using System.Text.Json;
using Platform.Core.Results;
using Platform.Core.Rollouts;
using Platform.Core.Serving;
using Platform.Core.Statistics;
using static Platform.Core.Tests.Rollouts.RolloutSamples;

namespace Platform.Core.Tests.Rollouts;

public sealed class RolloutMachineTests
{
    private static DateTimeOffset After(double seconds) => Start + TimeSpan.FromSeconds(seconds);

    private static RolloutState Tick(RolloutState state, double seconds, StepVerdict? verdict = null, double lost = 0) =>
        RolloutMachine.Tick(state, Sight(verdict, lostSeconds: lost), Times, After(seconds));

    [Fact]
    public void Pending_UntilWorkersAreReady_ChangesNothingForCallers()
    {
        var waiting = RolloutMachine.Tick(Begin(), Sight(footing: new(ReadinessVerdict.Waiting, "Waiting for w1.")), Times, After(1));
        Assert.Equal((RolloutPhase.Pending, 0d, RolloutReason.WaitingForWorkers, "Waiting for w1."), (waiting.Phase, waiting.Weight, waiting.Reason, waiting.Detail));
        var ready = RolloutMachine.Tick(waiting, Sight(), Times, After(2));
        Assert.Equal((RolloutPhase.Progressing, 5d, RolloutReason.WorkersReady), (ready.Phase, ready.Weight, ready.Reason));
    }

    [Fact]
    public void Pending_ThatCannotBeLoaded_Fails()
    {
        var failed = RolloutMachine.Tick(Begin(), Sight(footing: new(ReadinessVerdict.Failed, "No such operator.")), Times, After(1));
        Assert.Equal((RolloutPhase.Failed, RolloutReason.NotLoadable, 0d), (failed.Phase, failed.Reason, failed.Weight));
    }

    [Fact]
    public void Pending_ThatTheModelDoesNotHave_Fails() => Assert.Equal(
        RolloutReason.NotHeldByModel, RolloutMachine.Tick(Begin(), Sight(held: false), Times, After(1)).Reason);

    [Theory]
    [InlineData(29, StepVerdict.Pass, RolloutPhase.Progressing, 0, RolloutReason.HoldingStep)]
    [InlineData(30, StepVerdict.Pass, RolloutPhase.Progressing, 1, RolloutReason.StepPassed)]
    [InlineData(30, StepVerdict.Wait, RolloutPhase.Progressing, 0, RolloutReason.AwaitingEvidence)]
    [InlineData(30, null, RolloutPhase.Progressing, 0, RolloutReason.AwaitingEvidence)]
    [InlineData(629, StepVerdict.Wait, RolloutPhase.Progressing, 0, RolloutReason.AwaitingEvidence)]
    [InlineData(630, StepVerdict.Wait, RolloutPhase.Paused, 0, RolloutReason.WaitedTooLong)]
    [InlineData(1, StepVerdict.Fail, RolloutPhase.Aborting, 0, RolloutReason.CanaryWorse)]
    [InlineData(700, StepVerdict.Fail, RolloutPhase.Aborting, 0, RolloutReason.CanaryWorse)]
    public void Progressing_AtEachVerdict_GoesWhereItShould(double seconds, StepVerdict? verdict, RolloutPhase phase, int step, RolloutReason reason)
    {
        var next = Tick(Progressing(), seconds, verdict);
        Assert.Equal((phase, step, reason), (next.Phase, next.Step, next.Reason));
    }

    [Fact]
    public void Progressing_ThroughEveryStep_IsPromotedOnce()
    {
        var state = Tick(Progressing(), 30, StepVerdict.Pass);
        Assert.Equal(25d, state.Weight);
        state = Tick(state, 90, StepVerdict.Pass);
        Assert.Equal((100d, RolloutPhase.Progressing), (state.Weight, state.Phase));
        state = Tick(state, 91);
        Assert.Equal((RolloutPhase.Promoting, RolloutReason.LastStepPassed), (state.Phase, state.Reason));
        Assert.Same(state, Tick(state, 92, StepVerdict.Fail));
        state = RolloutMachine.Switched(state, After(93));
        Assert.True(state.IsOver);
        Assert.Same(state, Tick(state, 94, StepVerdict.Fail));
        Assert.Equal([0, 0, 1, 2, 2, 2], state.Timeline.Select(change => change.Step));
    }

    [Fact]
    public void LastStep_WithoutAutoPromote_WaitsForAPerson()
    {
        var request = Request() with { AutoPromote = false, Steps = [new(10, TimeSpan.FromSeconds(5))] };
        var state = Tick(Progressing(request), 5, StepVerdict.Pass);
        Assert.Equal((RolloutPhase.Paused, RolloutReason.AwaitingPromotion, 10d), (state.Phase, state.Reason, state.Weight));
        Assert.Equal(RolloutPhase.Promoting, RolloutMachine.Command(state, RolloutCommand.Promote, "bob", "fine", After(6)).Value!.Phase);
    }

    [Theory]
    [InlineData(4.9, RolloutPhase.Progressing), InlineData(5, RolloutPhase.Aborting)]
    public void Progressing_WithItsWorkersLost_RollsBackAfterTheGrace(double lost, RolloutPhase phase) =>
        Assert.Equal(phase, Tick(Progressing(), 1, StepVerdict.Pass, lost).Phase);

    [Theory]
    [InlineData(59, RolloutPhase.Progressing), InlineData(60, RolloutPhase.Aborting)]
    public void Progressing_PastItsDeadline_RollsBack(double seconds, RolloutPhase phase)
    {
        var state = Progressing(Request() with { Deadline = TimeSpan.FromSeconds(60) });
        Assert.Equal(phase, Tick(state, seconds, StepVerdict.Wait).Phase);
    }

    [Fact]
    public void Paused_StillRollsBackOnHarmAndElseStays()
    {
        var paused = RolloutMachine.Command(Progressing(), RolloutCommand.Pause, "bob", "lunch", After(1)).Value!;
        Assert.Equal((RolloutPhase.Paused, 5d), (paused.Phase, paused.Weight));
        Assert.Same(paused, Tick(paused, 1_000, StepVerdict.Pass));
        Assert.Equal(RolloutPhase.Aborting, Tick(paused, 2, StepVerdict.Fail).Phase);
        Assert.Equal(0d, Tick(paused, 2, StepVerdict.Fail).Weight);
    }

    [Fact]
    public void Paused_BeforeWorkersHadIt_IsSeenByNobodyUntilItWasResumed()
    {
        var paused = RolloutMachine.Command(Begin(), RolloutCommand.Pause, "bob", "not yet", After(1)).Value!;
        Assert.Equal((RolloutPhase.Paused, 0d), (paused.Phase, paused.Weight));
        Assert.Same(paused, RolloutMachine.Tick(paused, Sight(), Times, After(2)));
        Assert.Equal(RefusalReason.Conflict, RolloutMachine.Command(paused, RolloutCommand.Promote, "bob", "now", After(2)).Refusal?.Reason);

        var resumed = RolloutMachine.Command(paused, RolloutCommand.Resume, "bob", "now", After(3)).Value!;
        Assert.Equal((RolloutPhase.Pending, 0d), (resumed.Phase, resumed.Weight));
        Assert.Equal((RolloutPhase.Progressing, 5d), RolloutMachine.Tick(resumed, Sight(), Times, After(4)) is var ready ? (ready.Phase, ready.Weight) : default);
        Assert.Equal(RolloutPhase.Aborting, RolloutMachine.Command(paused, RolloutCommand.Abort, "bob", "never", After(3)).Value!.Phase);
    }

    [Fact]
    public void Paused_BeforeWorkersHadIt_FailsIfItCannotBeLoaded()
    {
        var paused = RolloutMachine.Command(Begin(), RolloutCommand.Pause, "bob", "not yet", After(1)).Value!;
        Assert.Equal(RolloutPhase.Failed, RolloutMachine.Tick(paused, Sight(footing: new(ReadinessVerdict.Failed, "No such operator.")), Times, After(2)).Phase);
    }

    [Fact]
    public void Resumed_AfterWaitingTooLong_WaitsAnew()
    {
        var paused = Tick(Progressing(), 630, StepVerdict.Wait);
        var resumed = RolloutMachine.Command(paused, RolloutCommand.Resume, "bob", "more traffic now", After(700)).Value!;
        Assert.Equal(RolloutPhase.Progressing, Tick(resumed, 731, StepVerdict.Wait).Phase);
        Assert.Equal(1, Tick(resumed, 731, StepVerdict.Pass).Step);
    }

    /// <summary>Every phase answers every command: with a next phase, or with a conflict that says what it could do.</summary>
    [Fact]
    public void Command_InEveryPhase_IsAllowedOrAConflict()
    {
        Dictionary<(RolloutCommand, RolloutPhase), RolloutPhase> allowed = new()
        {
            [(RolloutCommand.Pause, RolloutPhase.Pending)] = RolloutPhase.Paused,
            [(RolloutCommand.Pause, RolloutPhase.Progressing)] = RolloutPhase.Paused,
            [(RolloutCommand.Resume, RolloutPhase.Paused)] = RolloutPhase.Progressing,
            [(RolloutCommand.Promote, RolloutPhase.Progressing)] = RolloutPhase.Promoting,
            [(RolloutCommand.Promote, RolloutPhase.Paused)] = RolloutPhase.Promoting,
            [(RolloutCommand.Abort, RolloutPhase.Pending)] = RolloutPhase.Aborting,
            [(RolloutCommand.Abort, RolloutPhase.Progressing)] = RolloutPhase.Aborting,
            [(RolloutCommand.Abort, RolloutPhase.Paused)] = RolloutPhase.Aborting,
        };
        foreach (var command in Enum.GetValues<RolloutCommand>())
        {
            foreach (var phase in Enum.GetValues<RolloutPhase>())
            {
                var outcome = RolloutMachine.Command(Begin() with { Phase = phase }, command, "bob", "why not", After(1));
                if (!allowed.TryGetValue((command, phase), out var next))
                {
                    Assert.Equal(RefusalReason.Conflict, outcome.Refusal!.Reason);
                    continue;
                }

                var change = outcome.Value!.Timeline[^1];
                Assert.Equal((next, "bob", "why not"), (change.State, change.By, change.Detail));
            }
        }
    }

    [Fact]
    public void RolledBack_KeepsWhatMadeItSo()
    {
        var over = RolloutMachine.Unloaded(Tick(Progressing(), 1, StepVerdict.Fail), After(12));
        Assert.Equal((RolloutPhase.RolledBack, RolloutReason.CanaryWorse, "because"), (over.Phase, over.Reason, over.Detail));
        Assert.Equal(RolloutReason.Unloaded, over.Timeline[^1].Reason);
    }

    [Fact]
    public void State_WrittenAndRead_GoesOnTheSame()
    {
        var state = Progressing() with { Judged = Judge.Start(7, Plan().Checks(), _ => Dispersion.Empty) };
        var read = JsonSerializer.Deserialize<RolloutState>(JsonSerializer.Serialize(state, PlatformJson.Options), PlatformJson.Options)!;
        Assert.Equal(Tick(state, 30, StepVerdict.Pass).Step, Tick(read, 30, StepVerdict.Pass).Step);
        Assert.Equal(7, read.Judged!.LastSlot);
        Assert.Equal(state.Plan.Checks(), read.Plan.Checks());
    }
}
