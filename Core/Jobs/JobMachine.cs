namespace Platform.Core.Jobs;

/// <summary>What has to be done before a job can go on.</summary>
public enum JobStep
{
    None,

    /// <summary>Fix its version and have workers hold it.</summary>
    FixVersion,

    /// <summary>Put its input before the workers.</summary>
    OfferInput,

    /// <summary>Have a worker put the results together.</summary>
    OfferFinish,

    /// <summary>Give back what it held and delete what need not be kept.</summary>
    Release,
}

/// <summary>What is known of a job beside its record.</summary>
/// <param name="InputComplete">Whether all of its rows were uploaded.</param>
/// <param name="Progress">Null while no work was put before the workers.</param>
/// <param name="LoadFailure">Why no worker can load the version; null while one has it, or may yet.</param>
public sealed record JobFacts(bool InputComplete, JobProgress? Progress, string? LoadFailure);

/// <param name="InputWait">How long an upload may take from the job's creation.</param>
/// <param name="MaxShardsAside">With more shards put aside than this a job is a danger to the workers, and ends.</param>
public sealed record JobLimits(TimeSpan InputWait, int MaxShardsAside);

/// <param name="Next">The job as it is to be recorded; the same one where nothing changed.</param>
public sealed record JobDecision(JobState Next, JobStep Step);

/// <summary>What is next for a job. Asked again after each step, and any number of times in between, it says the same.</summary>
public static class JobMachine
{
    public static JobDecision Decide(JobState job, JobFacts facts, JobLimits limits, DateTimeOffset now)
    {
        if (job.HasEnded) return new(job, job.Released ? JobStep.None : JobStep.Release);
        return job.Phase switch
        {
            JobPhase.AwaitingInput => AwaitInput(job, facts, limits.InputWait, now),
            JobPhase.Queued => new(job, JobStep.FixVersion),
            _ => Run(job, facts, limits, now),
        };
    }

    private static JobDecision AwaitInput(JobState job, JobFacts facts, TimeSpan inputWait, DateTimeOffset now)
    {
        if (facts.InputComplete) return new(job.Enqueue(), JobStep.None);
        return now - job.CreatedAt > inputWait
            ? new(job.Fail(new(JobReason.InputNotSent, $"Its rows did not come within {DurationConverter.Format(inputWait)}."), now), JobStep.None)
            : new(job, JobStep.None);
    }

    private static JobDecision Run(JobState job, JobFacts facts, JobLimits limits, DateTimeOffset now)
    {
        if (facts.Progress is not { } progress) return new(job, JobStep.OfferInput);
        if (progress.Fault is { } fault) return new(job.Fail(fault, now, progress), JobStep.None);
        if (progress.ShardsAside > limits.MaxShardsAside)
        {
            return new(
                job.Fail(
                    new(JobReason.WorkersLost, $"{progress.ShardsAside} shards ended the workers that tried them; {limits.MaxShardsAside} may (Jobs:MaxShardsAside)."),
                    now, progress),
                JobStep.None);
        }

        if (progress.RowsFailed > job.Config.MaxFailedRows)
        {
            return new(
                job.Fail(
                    new(JobReason.TooManyFailedRows, $"{progress.RowsFailed} rows failed; {job.Config.MaxFailedRows} may (max_failed_rows). GET …/errors says why."),
                    now, progress),
                JobStep.None);
        }

        if (progress.Output is not null) return new(job.Succeed(progress, now), JobStep.None);
        if (progress.AllShardsDone) return new(job with { Reason = JobReason.OutputPending }, JobStep.OfferFinish);
        return facts.LoadFailure is { } failure
            ? new(job.Fail(new(JobReason.VersionUnusable, failure), now, progress), JobStep.None)
            : new(job, JobStep.None);
    }
}
