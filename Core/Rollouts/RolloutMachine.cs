using Platform.Core.Results;
using Platform.Core.Serving;

namespace Platform.Core.Rollouts;

/// <summary>What a person may do with a rollout.</summary>
public enum RolloutCommand
{
    Pause,
    Resume,
    Promote,
    Abort,
}

/// <summary>What a tick saw.</summary>
/// <param name="IsHeld">Whether the model still has this rollout as its own; false when its beginning never was written.</param>
/// <param name="Footing">Whether the workers hold the new version ready.</param>
/// <param name="LostFor">For how long no worker has had it, once it was ready.</param>
/// <param name="Judgement">The judge's verdict on the step; null when there was none.</param>
public sealed record RolloutSight(bool IsHeld, Readiness Footing, TimeSpan LostFor, StepJudgement? Judgement);

/// <summary>The times by which a rollout acts by itself.</summary>
/// <param name="LostAfter">A new version without a ready worker for this long is rolled back.</param>
public sealed record RolloutTimes(TimeSpan LostAfter);

/// <summary>Where a rollout goes next. Total: every phase has an answer to every tick and every command.</summary>
public static class RolloutMachine
{
    public static RolloutState Tick(RolloutState state, RolloutSight sight, RolloutTimes times, DateTimeOffset now)
    {
        if (state.IsOver || state.Phase is RolloutPhase.Promoting or RolloutPhase.Aborting) return state;
        if (!sight.IsHeld) return Automatic(state, RolloutPhase.Failed, RolloutReason.NotHeldByModel, "The model does not have this rollout; it never began.", now);
        if (state.IsUnseen) return Load(state, sight.Footing, now);
        // Harm acts at once, whatever else is being waited for; only a success has to wait.
        if (sight.LostFor >= times.LostAfter)
            return RollBack(state, RolloutReason.CanaryLost, $"No worker has {state.Plan.To} ready any more. {sight.Footing.Reason}", now);
        if (sight.Judgement is { Verdict: StepVerdict.Fail } failed) return RollBack(state, RolloutReason.CanaryWorse, failed.Detail, now);
        if (state.Plan.Deadline is { } deadline && now - state.CreatedAt >= deadline)
            return RollBack(state, RolloutReason.DeadlinePassed, $"Not finished {DurationConverter.Format(deadline)} after it began.", now);
        return state.Phase is RolloutPhase.Paused ? state : Progress(state, sight.Judgement, now);
    }

    public static Outcome<RolloutState> Command(RolloutState state, RolloutCommand command, string by, string why, DateTimeOffset now) => (command, state.Phase) switch
    {
        (RolloutCommand.Pause, RolloutPhase.Pending or RolloutPhase.Progressing) => state.To(RolloutPhase.Paused, RolloutReason.PausedByPerson, why, by, now),
        (RolloutCommand.Resume, RolloutPhase.Paused) => state.To(state.IsUnseen ? RolloutPhase.Pending : RolloutPhase.Progressing, RolloutReason.ResumedByPerson, why, by, now),
        (RolloutCommand.Promote, RolloutPhase.Progressing or RolloutPhase.Paused) when !state.IsUnseen => state.To(RolloutPhase.Promoting, RolloutReason.PromotedByPerson, why, by, now),
        (RolloutCommand.Abort, RolloutPhase.Pending or RolloutPhase.Progressing or RolloutPhase.Paused) =>
            state.To(RolloutPhase.Aborting, RolloutReason.AbortedByPerson, why, by, now),
        _ => Refusal.Conflict($"The rollout is {Word(state.Phase)}, and so cannot be told to {command.ToString().ToLowerInvariant()}. It could be told to {Allowed(state)}."),
    };

    /// <summary>The switch was made.</summary>
    public static RolloutState Switched(RolloutState state, DateTimeOffset now) => state.To(
        RolloutPhase.Succeeded, RolloutReason.Switched, $"{state.Plan.To} is in production.", RolloutState.Platform, now)
        with { PreviousKeptUntil = state.Plan.KeepPrevious is { } keep ? now + keep : null };

    /// <summary>Traffic was moved back and the new version was unloaded.</summary>
    public static RolloutState Unloaded(RolloutState state, DateTimeOffset now)
    {
        // What made it roll back stays its reason; that it is done is told by the phase and the timeline.
        var over = state.To(RolloutPhase.RolledBack, RolloutReason.Unloaded, $"{state.Plan.To} left the workers.", RolloutState.Platform, now);
        return over with { Reason = state.Reason, Detail = state.Detail };
    }

    private static RolloutState Load(RolloutState state, Readiness footing, DateTimeOffset now) => footing.Verdict switch
    {
        ReadinessVerdict.Ready when state.Phase is RolloutPhase.Paused => state,
        ReadinessVerdict.Ready => Automatic(state, RolloutPhase.Progressing, RolloutReason.WorkersReady, footing.Reason, now),
        ReadinessVerdict.Failed => Automatic(state, RolloutPhase.Failed, RolloutReason.NotLoadable, footing.Reason, now),
        _ when state.Plan.Deadline is { } deadline && now - state.CreatedAt >= deadline =>
            Automatic(state, RolloutPhase.Failed, RolloutReason.DeadlinePassed, $"Not loaded {DurationConverter.Format(deadline)} after it began.", now),
        _ when state.Phase is RolloutPhase.Paused => state,
        _ => state.Waiting(RolloutReason.WaitingForWorkers, footing.Reason),
    };

    private static RolloutState Progress(RolloutState state, StepJudgement? judgement, DateTimeOffset now)
    {
        var held = now - state.StepStartedAt;
        var hold = state.Plan.Steps[state.Step].Hold ?? TimeSpan.Zero;
        if (held < hold) return state.Waiting(RolloutReason.HoldingStep, $"Step {state.Step + 1} of {state.Plan.Steps.Length} is held for {DurationConverter.Format(hold)}.");
        // A step that leaves nothing to wait for and nothing to judge: the canary's last, usually.
        var nothingToJudge = state is { IsAlone: true, IsLastStep: true } && hold == TimeSpan.Zero;
        if (!nothingToJudge && judgement is not { Verdict: StepVerdict.Pass })
        {
            var detail = judgement?.Detail ?? "Nothing was counted yet.";
            return held - hold >= state.Plan.MaxWait
                ? Automatic(state, RolloutPhase.Paused, RolloutReason.WaitedTooLong, $"Waited {DurationConverter.Format(state.Plan.MaxWait)} for evidence. {detail}", now)
                : state.Waiting(RolloutReason.AwaitingEvidence, detail);
        }

        if (!state.IsLastStep)
            return state.To(RolloutPhase.Progressing, RolloutReason.StepPassed, $"Step {state.Step + 1} passed.", RolloutState.Platform, now, state.Step + 1);
        return state.Plan.AutoPromote
            ? Automatic(state, RolloutPhase.Promoting, RolloutReason.LastStepPassed, "The last step passed.", now)
            : Automatic(state, RolloutPhase.Paused, RolloutReason.AwaitingPromotion, "The last step passed. Promote it, or abort.", now);
    }

    private static RolloutState RollBack(RolloutState state, RolloutReason reason, string detail, DateTimeOffset now) =>
        Automatic(state, RolloutPhase.Aborting, reason, detail, now);

    private static RolloutState Automatic(RolloutState state, RolloutPhase phase, RolloutReason reason, string detail, DateTimeOffset now) =>
        state.To(phase, reason, detail, RolloutState.Platform, now);

    private static string Word(RolloutPhase phase) => phase is RolloutPhase.RolledBack ? "rolled back" : phase.ToString().ToLowerInvariant();

    private static string Allowed(RolloutState state) => state.Phase switch
    {
        RolloutPhase.Pending => "pause or abort",
        RolloutPhase.Paused when state.IsUnseen => "resume or abort",
        RolloutPhase.Progressing => "pause, promote or abort",
        RolloutPhase.Paused => "resume, promote or abort",
        _ => "nothing any more",
    };
}
