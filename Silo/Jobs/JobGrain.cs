using Microsoft.Extensions.Options;
using Platform.Contracts.Jobs;
using Platform.Contracts.Models;
using Platform.Core.Jobs;
using Platform.Core.Privacy;
using Platform.Core.Results;
using Platform.SharedState.Jobs;
using Platform.SharedState.Privacy;
using Platform.Silo.Storage;

namespace Platform.Silo.Jobs;

/// <summary>
/// Drives one job: each tick asks the machine what is next by the record and by what workers told, writes it, and does
/// it; whatever is done may be done again. Steps are in JobGrain.Steps.cs.
/// </summary>
internal sealed partial class JobGrain(
    [PersistentState("job")] IPersistentState<JobRecord> stored,
    JobBook book,
    JobInputStore inputs,
    JobIndex index,
    JobFiles files,
    JobSeal seal,
    SubjectRecords subjects,
    IOptions<JobOptions> options,
    TimeProvider clock,
    ILogger<JobGrain> logger) : Grain, IJobGrain, IRemindable
{
    private const string Reminder = "drive";
    private static readonly TimeSpan ReminderPeriod = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan RetentionPeriod = TimeSpan.FromDays(1);
    private IGrainTimer? ticking;
    private RowRate? rate;

    private string Id => this.GetPrimaryKeyString();

    private JobState? Current => stored.State.Open(seal);

    private IModelJobGrain Model(JobState job) => GrainFactory.GetGrain<IModelJobGrain>(job.Config.Model);

    public override Task OnActivateAsync(CancellationToken cancellationToken)
    {
        if (Current is { Released: false }) StartTicking();
        return Task.CompletedTask;
    }

    public async Task<Outcome<JobView>> CreateAsync(JobConfig config, string actor)
    {
        if (Current is not null) return Refusal.Conflict($"There is a job {Id} already.");
        if (await index.CountAsync() >= options.Value.MaxJobs)
            return new Refusal(RefusalReason.LimitReached, $"{options.Value.MaxJobs} jobs are kept, which is the most (Jobs:MaxJobs). Old ones go when their time is up.");
        var footing = await GrainFactory.GetGrain<IModelJobGrain>(config.Model).CheckJobAsync(config.Version, config.Format, config.Uri);
        if (!footing.Succeeded(out var found, out var refusal)) return refusal;
        // So that an erasure finds the job, whenever it comes.
        if (config.Subject is { } subject)
            await subjects.AddAsync([(subject, new SubjectRecord(SubjectRecordKind.Job, Id), clock.GetUtcNow() + ErasureRules.LongestRecord)]);
        // What brings it back after a crash comes first: without a record it ends itself.
        await this.RegisterOrUpdateReminder(Reminder, ReminderPeriod, ReminderPeriod);
        await index.AddAsync(Id, config.Model);
        await SaveAsync(JobState.Create(Id, config, found.Source, actor, clock.GetUtcNow()));
        StartTicking();
        LogCreated(Id, config.Model, actor);
        return (await ViewAsync())!;
    }

    public async Task<JobView?> GetAsync() => Current is null ? null : await ViewAsync();

    public async Task<Outcome<JobView>> InputArrivedAsync()
    {
        if (Current is not { } job) return Unknown();
        if (job.TakesInput && (await inputs.ReadAsync(Id)).Complete) await EnqueueAsync(job);
        return (await ViewAsync())!;
    }

    public async Task<Outcome<JobView>> CancelAsync(string actor)
    {
        if (Current is not { } job) return Unknown();
        if (job.Phase is JobPhase.Cancelled) return (await ViewAsync())!;
        if (job.HasEnded) return Refusal.Conflict($"It has {job.Phase.ToString().ToLowerInvariant()} already.");
        await SaveAsync(job.Cancel(actor, clock.GetUtcNow(), await book.ProgressAsync(Id)));
        LogMoved(Id, JobPhase.Cancelled, JobReason.CancelledByUser);
        // At once, so that workers hear of it; what fails of it a tick does again.
        await ReleaseAsync(Current!);
        return (await ViewAsync())!;
    }

    public async Task<bool> ForgetAsync(DateTimeOffset? endedBefore)
    {
        if (Current is not { } job || (endedBefore is { } before && !(job.EndedAt < before))) return false;
        if (!job.HasEnded) await SaveAsync(job.Cancel("an erasure", clock.GetUtcNow(), await book.ProgressAsync(Id)));
        await ReleaseAsync(Current!);
        await ForgetAsync();
        if (await this.GetReminder(Reminder) is { } reminder) await this.UnregisterReminder(reminder);
        return true;
    }

    public async Task ReceiveReminder(string reminderName, TickStatus status)
    {
        // Being activated by it is enough while there is anything to drive.
        if (Current is { Released: false }) return;
        if (Current is { EndedAt: { } ended } && clock.GetUtcNow() - ended < options.Value.Retention) return;
        if (Current is not null) await ForgetAsync();
        else await index.RemoveAsync(Id);
        if (await this.GetReminder(reminderName) is { } reminder) await this.UnregisterReminder(reminder);
    }

    private async Task EnqueueAsync(JobState job)
    {
        await SaveAsync(job.Enqueue());
        ticking?.Change(TimeSpan.Zero, options.Value.TickPeriod);
    }

    private void StartTicking() => ticking ??= this.RegisterGrainTimer(
        TickAsync, new() { DueTime = TimeSpan.Zero, Period = options.Value.TickPeriod, KeepAlive = true });

    private async Task SaveAsync(JobState next) => await stored.WriteAsync(JobRecord.Of(next, seal), DeactivateOnIdle);

    private async Task<JobView?> ViewAsync()
    {
        var job = Current!;
        var (now, input) = (clock.GetUtcNow(), await inputs.ReadAsync(Id));
        var progress = job.Progress ?? (job.Phase is JobPhase.Running ? await book.ProgressAsync(Id) : null);
        if (job is { EndedAt: { } end, StartedAt: { } start })
        {
            var seconds = (end - start).TotalSeconds;
            return new(job, progress, input.ReceivedBytes, input.Complete, seconds > 0 && progress is not null ? progress.RowsSettled / seconds : null, null);
        }

        var eta = progress is null ? null : rate?.EndOf(progress, now);
        return new(job, progress, input.ReceivedBytes, input.Complete || job.Source is not null, rate?.PerSecond, eta);
    }

    private Refusal Unknown() => Refusal.NotFound($"There is no job {Id}.");

    [LoggerMessage(LogLevel.Information, "Job {Job} of {Model} was created, asked for by {Actor}.")]
    private partial void LogCreated(string job, string model, string actor);

    // The reason alone: the detail may cite the input.
    [LoggerMessage(LogLevel.Information, "Job {Job} is {Phase} ({Reason}).")]
    private partial void LogMoved(string job, JobPhase phase, JobReason reason);
}
