using Platform.Core.Jobs;
using Platform.SharedState.Jobs;

namespace Platform.Silo.Jobs;

internal sealed partial class JobGrain
{
    private async Task TickAsync()
    {
        // What was waited for may be all that the next step waits for.
        while (Current is { Released: false } job)
        {
            var facts = await FactsAsync(job);
            var decision = JobMachine.Decide(job, facts, new(options.Value.InputWait, options.Value.MaxShardsAside), clock.GetUtcNow());
            if (decision.Next.Phase != job.Phase)
            {
                await SaveAsync(decision.Next);
                LogMoved(Id, decision.Next.Phase, decision.Next.Reason);
            }

            await TakeAsync(decision.Step, Current!);
            if (Current is null || Current.Phase == job.Phase) break;
        }

        if (Current is not (null or { Released: true })) return;
        ticking?.Dispose();
        ticking = null;
    }

    private async Task<JobFacts> FactsAsync(JobState job)
    {
        if (job.Phase is JobPhase.AwaitingInput) return new((await inputs.ReadAsync(Id)).Complete, null, null);
        if (job.Phase is not JobPhase.Running) return new(true, null, null);
        var progress = await book.ProgressAsync(Id);
        if (progress is not null)
        {
            var now = clock.GetUtcNow();
            rate = rate?.Observe(progress.RowsSettled, now) ?? RowRate.Begin(progress.RowsSettled, now);
        }

        return new(true, progress, (await Model(job).JudgeHoldAsync(Id)).Failure);
    }

    private Task TakeAsync(JobStep step, JobState job) => step switch
    {
        JobStep.FixVersion => FixVersionAsync(job),
        JobStep.OfferInput => book.OpenAsync(OrderOf(job)),
        JobStep.OfferFinish => book.OfferFinishAsync(OrderOf(job)),
        JobStep.Release => ReleaseAsync(job),
        _ => Task.CompletedTask,
    };

    /// <summary>From here on it is this version, whatever becomes of production.</summary>
    private async Task FixVersionAsync(JobState job)
    {
        var held = await Model(job).HoldVersionAsync(Id, job.Config.Version);
        var now = clock.GetUtcNow();
        await SaveAsync(held.Succeeded(out var version, out var refusal)
            ? job.Start(version, now)
            : job.Fail(new(JobReason.VersionUnusable, refusal.Detail), now));
        LogMoved(Id, Current!.Phase, Current.Reason);
    }

    /// <summary>Gives back and deletes what an ended job need not keep; repeated until it is known to have been done.</summary>
    private async Task ReleaseAsync(JobState ended)
    {
        await book.CloseAsync(Id);
        await files.DeleteWorkAsync(Id, CancellationToken.None);
        if (ended.Phase is not JobPhase.Succeeded)
        {
            await files.DeleteInputAsync(Id, CancellationToken.None);
            await files.DeleteOutputAsync(Id, CancellationToken.None);
        }

        await Model(ended).ReleaseVersionAsync(Id);
        await index.CloseAsync(Id);
        await this.RegisterOrUpdateReminder(Reminder, RetentionPeriod, RetentionPeriod);
        if (Current is { Released: false } job) await SaveAsync(job with { Released = true });
    }

    /// <summary>Its time is up.</summary>
    private async Task ForgetAsync()
    {
        await files.DeleteAllAsync(Id, CancellationToken.None);
        await book.ForgetAsync(Id);
        await index.RemoveAsync(Id);
        await stored.ClearStateAsync();
        stored.State = new JobRecord();
        LogForgotten(Id);
    }

    private WorkOrder OrderOf(JobState job) => new(
        Id, job.Config.Model, job.Version!, job.Config.Format, job.Config.OutputFormat, job.Config.BatchSize, job.Config.Priority, job.CreatedAt,
        job.Source, new ShardSize(options.Value.ShardRows, options.Value.ShardBytes));

    [LoggerMessage(LogLevel.Information, "Job {Job} was deleted with its input and output, since its time was up.")]
    private partial void LogForgotten(string job);
}
