using Orleans.Runtime;
using Platform.Contracts.Experiments;
using Platform.Contracts.Models;
using Platform.Core.Experiments;
using Platform.Core.Results;
using Platform.Core.Serving;
using Platform.SharedState.Driven;
using Platform.SharedState.Experiments;
using Platform.Silo.Storage;

namespace Platform.Silo.Experiments;

/// <summary>
/// Drives one experiment: each tick does what is next by the record. Evidence that a look adds is written with the next
/// snapshot; what a crash takes of it makes the experiment a little slower, never wrong.
/// </summary>
internal sealed partial class ExperimentGrain(
    [PersistentState("experiment")] IPersistentState<ExperimentRecord> stored,
    ExperimentStore counted,
    OpenWork open,
    TimeProvider clock,
    ILogger<ExperimentGrain> logger) : Grain, IExperimentGrain, IRemindable
{
    private const string Reminder = "drive";
    private static readonly TimeSpan ReminderPeriod = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan TickPeriod = TimeSpan.FromSeconds(1);
    private IGrainTimer? ticking;

    /// <summary>The record, with what looks have added since.</summary>
    private ExperimentState? latest;

    private IModelExperimentGrain Model(ExperimentState experiment) => GrainFactory.GetGrain<IModelExperimentGrain>(experiment.Model);

    public override Task OnActivateAsync(CancellationToken cancellationToken)
    {
        latest = stored.State.Experiment;
        if (latest is { Released: false }) StartTicking();
        return Task.CompletedTask;
    }

    public async Task BeginAsync(ExperimentState experiment)
    {
        // One that the model never listed, for its own write failed, gives way.
        if (latest is { Phase: not ExperimentPhase.Failed }) return;
        // The reminder comes first: without a record it ends itself, while a record without it might never be driven.
        await this.RegisterOrUpdateReminder(Reminder, ReminderPeriod, ReminderPeriod);
        await open.AddAsync(WorkKind.Experiment, this.GetPrimaryKeyString());
        await SaveAsync(experiment);
        StartTicking();
    }

    public async Task<ExperimentState?> GetAsync()
    {
        if (latest is { Phase: ExperimentPhase.Running } running) await LookAsync(running);
        return latest;
    }

    public Task<ExperimentState?> PeekAsync() => Task.FromResult(latest);

    public async Task<Outcome<ExperimentState>> StopAsync(string actor, string reason)
    {
        if (await GetAsync() is not { } experiment) return Unknown();
        if (experiment.HasEnded) return Refusal.Conflict($"It ended at {experiment.EndedAt:u} already.");
        await SaveAsync(experiment.Stop(actor, reason, clock.GetUtcNow()));
        return await ReleaseAsync(latest!);
    }

    public async Task ReceiveReminder(string reminderName, TickStatus status)
    {
        // Being activated by it is enough while there is anything to do.
        if (latest is null or { Released: true }) await EndAsync();
    }

    private void StartTicking() =>
        ticking ??= this.RegisterGrainTimer(TickAsync, new() { DueTime = TimeSpan.Zero, Period = TickPeriod, KeepAlive = true });

    private async Task TickAsync()
    {
        if (latest is { Phase: ExperimentPhase.Starting } starting) await SplitAsync(starting);
        else if (latest is { Phase: ExperimentPhase.Running } running) await LookAsync(running);
        if (latest is { HasEnded: true, Released: false } ended) await ReleaseAsync(ended);
        if (latest is not (null or { Released: true })) return;
        ticking?.Dispose();
        ticking = null;
    }

    private async Task SplitAsync(ExperimentState experiment)
    {
        var now = clock.GetUtcNow();
        var outcome = await Model(experiment).SplitTrafficAsync(experiment.Design.Name);
        if (!outcome.Succeeded(out var readiness, out var refusal)) await SaveAsync(experiment.Fail(refusal.Detail, now));
        else if (readiness.Verdict is ReadinessVerdict.Failed) await SaveAsync(experiment.Fail(readiness.Reason, now));
        else if (readiness.Verdict is ReadinessVerdict.Ready) await SaveAsync(experiment.Start(now));
        if (latest!.Phase != experiment.Phase) LogMoved(experiment.Model, experiment.Design.Name, latest.Phase, latest.Reason ?? "traffic is split");
    }

    private async Task LookAsync(ExperimentState running)
    {
        var next = running.Look(await counted.ReadAsync(running.Id, running.Design.Arms.Length), clock.GetUtcNow(), counted.MaxUnits);
        var isWorthWriting = next.HasEnded || next.History.Snapshots.Length != stored.State.Experiment?.History.Snapshots.Length;
        if (isWorthWriting) await SaveAsync(next);
        else latest = next;
        if (next.HasEnded) LogDecided(next.Model, next.Design.Name, next.Results!.Verdict.Decision, next.Results.Verdict.Detail);
    }

    /// <summary>Gives traffic back; repeated until it is known to have been done.</summary>
    private async Task<ExperimentState> ReleaseAsync(ExperimentState ended)
    {
        await Model(ended).ReleaseTrafficAsync(ended.Design.Name);
        await counted.ForgetAsync(ended.Id);
        await SaveAsync(ended with { Released = true });
        await EndAsync();
        return latest!;
    }

    private async Task EndAsync()
    {
        await open.RemoveAsync(WorkKind.Experiment, this.GetPrimaryKeyString());
        if (await this.GetReminder(Reminder) is { } reminder) await this.UnregisterReminder(reminder);
    }

    private async Task SaveAsync(ExperimentState next)
    {
        await stored.WriteAsync(stored.State with { Experiment = next }, DeactivateOnIdle);
        latest = next;
    }

    private Refusal Unknown() => Refusal.NotFound($"There is no experiment {this.GetPrimaryKeyString()}.");

    [LoggerMessage(LogLevel.Information, "Experiment {Experiment} of {Model} is {Phase}: {Reason}.")]
    private partial void LogMoved(string model, string experiment, ExperimentPhase phase, string reason);

    [LoggerMessage(LogLevel.Information, "Experiment {Experiment} of {Model} came to {Decision}: {Detail}")]
    private partial void LogDecided(string model, string experiment, ExperimentDecision decision, string detail);
}
