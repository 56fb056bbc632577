using Microsoft.Extensions.Options;
using Orleans.Runtime;
using Platform.Contracts.Models;
using Platform.Contracts.Validations;
using Platform.Core.Models.Validations;
using Platform.Core.Serving;
using Platform.SharedState.Drift;
using Platform.SharedState.Protection;
using Platform.Silo.Storage;

namespace Platform.Silo.Validations;

/// <summary>
/// Drives one run: a worker measures, the judge judges, the verdict is written, and then the version takes its step.
/// Each tick does what is next by the record, so that a silo that dies anywhere is followed by one that goes on.
/// </summary>
internal sealed partial class ValidationGrain(
    [PersistentState("validation")] IPersistentState<ValidationRecord> stored,
    MeasuringWorkers workers,
    DriftStore drift,
    ProtectionStore protection,
    IOptions<ValidationOptions> options,
    TimeProvider clock,
    ILogger<ValidationGrain> logger) : Grain, IValidationGrain, IRemindable
{
    private const string Reminder = "drive";
    private static readonly TimeSpan ReminderPeriod = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan TickPeriod = TimeSpan.FromMilliseconds(250);
    private readonly HashSet<string> tried = [];
    private IGrainTimer? ticking;
    private long waitingSince;

    private ValidationRecord Current => stored.State;

    private bool IsOpen => Current is { Run: not null, Settled: false };

    public override Task OnActivateAsync(CancellationToken cancellationToken)
    {
        if (IsOpen) StartTicking();
        return Task.CompletedTask;
    }

    public async Task BeginAsync(ValidationRun run)
    {
        if (Current.Run is not null) return;
        // The reminder comes first: without a record it ends itself, while a record without it might never be driven.
        await this.RegisterOrUpdateReminder(Reminder, ReminderPeriod, ReminderPeriod);
        await stored.WriteAsync(new ValidationRecord { Run = run }, DeactivateOnIdle);
        StartTicking();
    }

    public Task<ValidationRun?> GetAsync() => Task.FromResult(
        Current is { Run: { } run, Settled: false } ? run with { State = ValidationState.Running, Report = null, Reason = null, EndedAt = null } : Current.Run);

    public async Task ReceiveReminder(string reminderName, TickStatus status)
    {
        // Being activated by it is enough while the run is open.
        if (!IsOpen && await this.GetReminder(Reminder) is { } reminder) await this.UnregisterReminder(reminder);
    }

    private void StartTicking()
    {
        waitingSince = clock.GetTimestamp();
        // Interleaved: while a worker measures, the grain still answers how the run stands.
        ticking ??= this.RegisterGrainTimer(
            TickAsync, new() { DueTime = TimeSpan.Zero, Period = TickPeriod, Interleave = true, KeepAlive = true });
    }

    private async Task TickAsync(CancellationToken cancellation)
    {
        if (!IsOpen) return;
        if (Current.Run!.State is ValidationState.Running) await AttemptAsync(Current.Run, cancellation);
        if (Current.Run.State is not ValidationState.Running) await SettleAsync(Current.Run);
    }

    private async Task AttemptAsync(ValidationRun run, CancellationToken cancellation)
    {
        if ((await Model(run).StepValidationAsync(run)).Refusal is { } refusal)
        {
            await SaveAsync(Ended(run, refusal.Detail));
            return;
        }

        if (workers.Pick(tried) is not { } worker)
        {
            await WaitOrGiveUpAsync(run);
            return;
        }

        // Counted before it is asked: a model that takes the worker, or this silo, with it is not tried for ever.
        await SaveAsync(run with { Attempts = run.Attempts + 1, Worker = worker.Id });
        var (next, isBusy) = await MeasureAsync(run, worker, cancellation);
        if (isBusy)
        {
            await SaveAsync(run);
            await WaitOrGiveUpAsync(run);
            return;
        }

        tried.Add(worker.Id);
        waitingSince = clock.GetTimestamp();
        await SaveAsync(next);
    }

    private async Task<(ValidationRun Next, bool IsBusy)> MeasureAsync(ValidationRun before, WorkerLease worker, CancellationToken cancellation)
    {
        var run = before with { Attempts = before.Attempts + 1, Worker = worker.Id };
        var subject = await workers.MeasureAsync(worker, new(run.Model, run.Version, run.Dataset), cancellation);
        if (subject.IsBusy) return (before, true);
        if (subject.Measured is not { } measured) return (Failed(run, subject.Fault!), false);
        if (measured.Baseline is { } baseline) await drift.ReplaceAsync(run.Model, run.Version.Version, baseline);
        if (measured.Profile is { } profile) await protection.ReplaceAsync(run.Model, run.Version.Version, profile);
        if (run.Production is not { } version) return (ValidationJudge.Judge(run, measured, null, clock.GetUtcNow()), false);
        // On the same worker, so that both latencies are of one machine.
        var production = await workers.MeasureAsync(worker, new(run.Model, version, run.Dataset), cancellation);
        if (production.IsBusy) return (before, true);
        return production.Measured is { } reference
            ? (ValidationJudge.Judge(run, measured, reference, clock.GetUtcNow()), false)
            : (Failed(run, production.Fault!), false);
    }

    private ValidationRun Failed(ValidationRun run, string fault)
    {
        LogAttemptFailed(run.Model, run.Version.Version, run.Id, run.Attempts, fault);
        return run.Attempts >= options.Value.AttemptsMax ? Ended(run, $"Given up after {run.Attempts} attempts. {fault}") : run;
    }

    private Task WaitOrGiveUpAsync(ValidationRun run) => clock.GetElapsedTime(waitingSince) < options.Value.WorkerWait
        ? Task.CompletedTask
        : SaveAsync(Ended(run, $"No worker could take it within {options.Value.WorkerWait}. Validate again."));

    private ValidationRun Ended(ValidationRun run, string reason) =>
        run with { State = ValidationState.Error, Reason = reason, EndedAt = clock.GetUtcNow() };

    private async Task SettleAsync(ValidationRun run)
    {
        var step = await Model(run).StepValidationAsync(run);
        // Somebody moved the version meanwhile, or removed the model: the run keeps its verdict and says so.
        var last = step.Refusal is { } refusal ? run with { Reason = $"{run.Reason} The version was left as it is: {refusal.Detail}".Trim() } : run;
        await stored.WriteAsync(new ValidationRecord { Run = last, Settled = true }, DeactivateOnIdle);
        LogEnded(run.Model, run.Version.Version, run.Id, run.State, run.Reason ?? "every check and gate passed");
        ticking?.Dispose();
        ticking = null;
        if (await this.GetReminder(Reminder) is { } reminder) await this.UnregisterReminder(reminder);
    }

    private Task SaveAsync(ValidationRun run) => stored.WriteAsync(Current with { Run = run }, DeactivateOnIdle);

    private IModelQualityGrain Model(ValidationRun run) => GrainFactory.GetGrain<IModelQualityGrain>(run.Model);

    [LoggerMessage(LogLevel.Warning, "Attempt {Attempt} at validation {Run} of {Model} {Version} failed: {Reason}")]
    private partial void LogAttemptFailed(string model, string version, string run, int attempt, string reason);

    [LoggerMessage(LogLevel.Information, "Validation {Run} of {Model} {Version} ended as {State}: {Reason}")]
    private partial void LogEnded(string model, string version, string run, ValidationState state, string reason);
}
