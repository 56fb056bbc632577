using System.Collections.Immutable;
using System.Text.Json.Serialization;

namespace Platform.Core.Rollouts;

/// <summary>Where a rollout is.</summary>
public enum RolloutPhase
{
    /// <summary>Workers load the new version; nothing changed for callers.</summary>
    Pending,
    Progressing,

    /// <summary>Held for a person. Harm is still judged, and rolls back.</summary>
    Paused,

    /// <summary>The switch was decided and is being made.</summary>
    Promoting,
    Succeeded,

    /// <summary>Traffic is back on stable, or about to be; the new version is unloaded next.</summary>
    Aborting,
    RolledBack,

    /// <summary>The new version could not be loaded; callers never saw it.</summary>
    Failed,
}

/// <summary>Why a rollout is where it is.</summary>
public enum RolloutReason
{
    Asked,
    WaitingForWorkers,
    WorkersReady,
    HoldingStep,
    AwaitingEvidence,
    StepPassed,
    LastStepPassed,
    AwaitingPromotion,
    WaitedTooLong,
    CanaryWorse,
    CanaryLost,
    DeadlinePassed,
    NotLoadable,
    NotHeldByModel,
    PausedByPerson,
    ResumedByPerson,
    PromotedByPerson,
    AbortedByPerson,
    Switched,
    Unloaded,
}

/// <summary>One change of a rollout: what, why and by whom.</summary>
public sealed record RolloutEvent(
    DateTimeOffset At, RolloutPhase State, int Step, double Weight, RolloutReason Reason, string Detail, string By);

/// <summary>A rollout as it is stored: all that is needed to go on after a crash at any moment.</summary>
/// <param name="Phase">Also tells what traffic is to be, so that whoever goes on can make it so again.</param>
/// <param name="StepStartedAt">When the step, or after a pause its waiting, began.</param>
/// <param name="Timeline">Every change, oldest first.</param>
/// <param name="Judged">What the judge remembers; null before the first step.</param>
/// <param name="Measurements">The last look at each bound.</param>
/// <param name="PreviousKeptUntil">When the old version is to be unloaded; null when it is not, or was.</param>
/// <param name="IsPausedPending">Paused before workers had the new version: callers see nothing of it, and resuming goes on with the loading.</param>
public sealed record RolloutState(
    string Id, string Model, string From, RolloutPlan Plan, string By, DateTimeOffset CreatedAt, RolloutPhase Phase, int Step,
    DateTimeOffset StepStartedAt, RolloutReason Reason, string Detail, ImmutableArray<RolloutEvent> Timeline,
    JudgeState? Judged = null, ImmutableArray<Measurement>? Measurements = null, DateTimeOffset? PreviousKeptUntil = null, bool IsPausedPending = false)
{
    /// <summary>Where it stood at that moment: its last change until then. Null before it began.</summary>
    public RolloutEvent? StandingAt(DateTimeOffset at) => Timeline.LastOrDefault(change => change.At <= at);

    private const int MaxEvents = 500;
    public const string Platform = "platform";

    public static RolloutState Begin(string id, string model, string from, RolloutPlan plan, string by, DateTimeOffset now)
    {
        var state = new RolloutState(id, model, from, plan, by, now, RolloutPhase.Pending, 0, now, RolloutReason.Asked, "", []);
        return state.To(RolloutPhase.Pending, RolloutReason.Asked, $"{plan.To} after {from}; workers load it.", by, now);
    }

    [JsonIgnore]
    public bool IsOver => Phase is RolloutPhase.Succeeded or RolloutPhase.RolledBack or RolloutPhase.Failed;

    [JsonIgnore]
    public bool IsLastStep => Step == Plan.Steps.Length - 1;

    /// <summary>Callers have not seen the new version yet.</summary>
    [JsonIgnore]
    public bool IsUnseen => Phase is RolloutPhase.Pending || IsPausedPending;

    /// <summary>Percent of the answered traffic that is the new version's.</summary>
    [JsonIgnore]
    public double Weight => Phase switch
    {
        _ when IsUnseen => 0,
        RolloutPhase.Progressing or RolloutPhase.Paused => Plan.Strategy is RolloutStrategy.Shadow ? 0 : Plan.Steps[Step].Weight,
        RolloutPhase.Promoting or RolloutPhase.Succeeded => 100,
        _ => 0,
    };

    /// <summary>Stable has no traffic of its own in this step.</summary>
    [JsonIgnore]
    public bool IsAlone => Plan.Strategy is not RolloutStrategy.Shadow && Plan.Steps[Step].BasisPoints == 10_000;

    /// <summary>Goes on to a phase, and writes down why.</summary>
    public RolloutState To(RolloutPhase phase, RolloutReason reason, string detail, string by, DateTimeOffset now, int? step = null)
    {
        var next = this with
        {
            Phase = phase, Reason = reason, Detail = detail, Step = step ?? Step, StepStartedAt = now,
            IsPausedPending = phase is RolloutPhase.Paused && IsUnseen,
        };
        var told = Timeline.Add(new RolloutEvent(now, phase, next.Step, next.Weight, reason, detail, by));
        return next with { Timeline = told.Length > MaxEvents ? told.RemoveAt(1) : told };
    }

    /// <summary>Says what is waited for; no change that would belong into the timeline.</summary>
    public RolloutState Waiting(RolloutReason reason, string detail) =>
        Reason == reason && Detail == detail ? this : this with { Reason = reason, Detail = detail };
}
