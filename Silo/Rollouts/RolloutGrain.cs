using System.Collections.Immutable;
using Microsoft.Extensions.Options;
using Platform.Contracts.Models;
using Platform.Contracts.Rollouts;
using Platform.Core.Measuring;
using Platform.Core.Results;
using Platform.Core.Rollouts;
using Platform.SharedState.Driven;
using Platform.Silo.Storage;

namespace Platform.Silo.Rollouts;

/// <summary>
/// Drives one rollout. A tick makes traffic what the written state wants, counts the seconds that are new, has the
/// machine decide, writes, and moves traffic by what it wrote; what traffic is to be follows from the state alone, so a
/// silo that dies anywhere is followed by one that goes on. The judging part is in RolloutGrain.Judging.cs.
/// </summary>
internal sealed partial class RolloutGrain(
    [PersistentState("rollout")] IPersistentState<RolloutRecord> stored,
    RolloutCounts counts,
    OpenWork open,
    IOptions<RolloutOptions> options,
    TimeProvider clock,
    ILogger<RolloutGrain> logger) : Grain, IRolloutGrain, IRemindable
{
    private const string Reminder = "drive";
    private static readonly TimeSpan ReminderPeriod = TimeSpan.FromMinutes(1);
    private IGrainTimer? ticking;
    private long? lostSince;

    private string Key => this.GetPrimaryKeyString();

    private RolloutState? Current => stored.State.Rollout;

    private bool IsOpen => Current is { } rollout && (!rollout.IsOver || rollout.PreviousKeptUntil is not null);

    private IModelRolloutGrain Model => GrainFactory.GetGrain<IModelRolloutGrain>(Current!.Model);

    public override Task OnActivateAsync(CancellationToken cancellationToken)
    {
        if (IsOpen) StartTicking();
        return Task.CompletedTask;
    }

    public async Task BeginAsync(RolloutState rollout)
    {
        if (Current is not null) return;
        // What brings it back after a crash comes first: without a record it ends itself.
        await this.RegisterOrUpdateReminder(Reminder, ReminderPeriod, ReminderPeriod);
        await open.AddAsync(WorkKind.Rollout, Key);
        await stored.WriteAsync(new RolloutRecord { Rollout = rollout, History = RolloutHistory.Of(rollout.Plan) }, DeactivateOnIdle);
        StartTicking();
    }

    public Task<RolloutView?> GetAsync() => Task.FromResult(View());

    public async Task<Outcome<RolloutView>> CommandAsync(RolloutCommand command, string actor, string reason)
    {
        if (Current is not { } rollout) return Refusal.NotFound("There is no such rollout.");
        var outcome = RolloutMachine.Command(rollout, command, actor, reason, clock.GetUtcNow());
        if (!outcome.Succeeded(out var next, out var refusal)) return refusal;
        await AdoptAsync(next);
        await ActAsync();
        return View()!;
    }

    public async Task ReceiveReminder(string reminderName, TickStatus status)
    {
        // Being activated by it is enough while the rollout is open.
        if (!IsOpen) await EndAsync();
    }

    private void StartTicking() =>
        ticking ??= this.RegisterGrainTimer(TickAsync, new() { DueTime = TimeSpan.Zero, Period = options.Value.TickPeriod, KeepAlive = true });

    private async Task TickAsync(CancellationToken cancellation)
    {
        if (IsOpen && Current!.Phase is RolloutPhase.Pending or RolloutPhase.Progressing or RolloutPhase.Paused) await WatchAsync(Current!);
        if (IsOpen) await ActAsync();
        if (!IsOpen) await EndAsync();
    }

    /// <summary>Makes traffic what it is to be, looks, and decides.</summary>
    private async Task WatchAsync(RolloutState rollout)
    {
        var now = clock.GetUtcNow();
        var held = await Model.HoldTrafficAsync(rollout.Id, Traffic(rollout));
        if (!held.Succeeded(out var footing, out var refusal))
        {
            // Its beginning may still be on the way to the model's own record; past the load limit it is not.
            if (rollout.IsUnseen && now - rollout.CreatedAt < ReminderPeriod) return;
            await AdoptAsync(RolloutMachine.Tick(rollout, new(false, new(default, refusal.Detail), default, null), Times, now));
            return;
        }

        var judged = rollout.IsUnseen ? new Judged(rollout, null, null) : await JudgeAsync(rollout, now);
        var next = RolloutMachine.Tick(judged.Rollout, new(true, footing.Readiness, LostFor(footing), judged.Judgement), Times, now);
        if (next.Step != judged.Rollout.Step && next.Judged is { } evidence) next = next with { Judged = Judge.NextStep(evidence, next.IsAlone) };
        if (!ReferenceEquals(next, rollout)) await AdoptAsync(next, judged.Shadow, judged.Counted);
    }

    /// <summary>Does what the written phase stands for; all of it may be repeated.</summary>
    private async Task ActAsync()
    {
        var (rollout, now) = (Current!, clock.GetUtcNow());
        switch (rollout.Phase)
        {
            case RolloutPhase.Progressing or RolloutPhase.Paused:
                await Model.HoldTrafficAsync(rollout.Id, Traffic(rollout));
                break;
            case RolloutPhase.Promoting:
                var decided = rollout.Timeline[^1];
                if ((await Model.SwitchAsync(rollout.Id, decided.By, decided.Detail)).Refusal is null) await AdoptAsync(RolloutMachine.Switched(rollout, now));
                break;
            case RolloutPhase.Aborting:
                // Traffic first; the version leaves the workers once no Api can send it anything.
                await Model.HoldTrafficAsync(rollout.Id, Traffic(rollout));
                if (now - rollout.StepStartedAt < options.Value.DrainTime) break;
                await Model.ReleaseAsync(rollout.Id);
                await AdoptAsync(RolloutMachine.Unloaded(rollout, now));
                break;
            case RolloutPhase.Failed:
                await Model.ReleaseAsync(rollout.Id);
                break;
            case RolloutPhase.Succeeded when rollout.PreviousKeptUntil <= now && now - rollout.StepStartedAt >= options.Value.DrainTime:
                await Model.UnloadPreviousAsync(rollout.From);
                await AdoptAsync(rollout with { PreviousKeptUntil = null });
                break;
        }
    }

    private TimeSpan LostFor(RolloutFooting footing)
    {
        if (footing.ReadyWorkers > 0) lostSince = null;
        else lostSince ??= clock.GetTimestamp();
        return lostSince is { } since ? clock.GetElapsedTime(since) : TimeSpan.Zero;
    }

    private RolloutTimes Times => new(options.Value.LostAfter);

    private static RolloutTraffic Traffic(RolloutState rollout)
    {
        if (rollout.IsUnseen || rollout.Phase is not (RolloutPhase.Progressing or RolloutPhase.Paused)) return new(0, 0, Rules: false);
        var share = rollout.Plan.Steps[rollout.Step].BasisPoints;
        return rollout.Plan.Strategy is RolloutStrategy.Shadow ? new(0, share, Rules: false) : new(share, 0, !rollout.Plan.Rules.IsEmpty);
    }

    private async Task AdoptAsync(RolloutState next, ShadowFigures? shadow = null, ImmutableArray<CheckCounts>? counted = null)
    {
        var before = Current!;
        if (ReferenceEquals(before, next)) return;
        await stored.WriteAsync(
            stored.State with
            {
                Rollout = next,
                Shadow = shadow ?? stored.State.Shadow,
                Counted = counted ?? stored.State.Counted,
                History = stored.State.History!.With(next, clock.GetUtcNow()),
            },
            DeactivateOnIdle);
        if (next.Timeline.Length != before.Timeline.Length) LogMoved(next.Model, next.Id, next.Phase, next.Weight, next.Reason, next.Detail);
        // It is let go of only after its end is written, so that a crash in between has it let go of again.
        if (next.Phase is RolloutPhase.Failed) await ActAsync();
    }

    private async Task EndAsync()
    {
        if (Current is { Phase: RolloutPhase.Failed }) await ActAsync();
        ticking?.Dispose();
        ticking = null;
        await open.RemoveAsync(WorkKind.Rollout, Key);
        if (await this.GetReminder(Reminder) is { } reminder) await this.UnregisterReminder(reminder);
    }

    private RolloutView? View() => Current is { } rollout
        ? new RolloutView(rollout, rollout.Plan.Strategy is RolloutStrategy.Shadow ? stored.State.Shadow ?? ShadowFigures.None : null, stored.State.History!)
        : null;

    [LoggerMessage(LogLevel.Information, "Rollout {Rollout} of {Model} is {Phase} at {Weight} % ({Reason}): {Detail}")]
    private partial void LogMoved(string model, string rollout, RolloutPhase phase, double weight, RolloutReason reason, string detail);
}
