using Platform.Core.Models;
using Platform.Core.Serving;

namespace Platform.Core.Jobs;

/// <summary>A job as it is recorded: each step is written before it is acted upon.</summary>
/// <param name="Source">The file that the rows are in, when they were not uploaded.</param>
/// <param name="Version">What scores the rows, fixed when the job starts.</param>
/// <param name="Progress">As of the end; null until then.</param>
/// <param name="Released">Whether what it held is given back and what it need not keep is deleted.</param>
public sealed record JobState(
    string Id, JobConfig Config, ArtifactInfo? Source, JobPhase Phase, JobReason Reason, string Detail, string By, DateTimeOffset CreatedAt,
    DateTimeOffset? StartedAt = null, DateTimeOffset? EndedAt = null, PlacedVersion? Version = null, JobProgress? Progress = null,
    JobFault? Fault = null, bool Released = false)
{
    public bool HasEnded => Phase is JobPhase.Succeeded or JobPhase.Failed or JobPhase.Cancelled;

    /// <summary>Whether rows may be uploaded.</summary>
    public bool TakesInput => Phase is JobPhase.AwaitingInput;

    public static JobState Create(string id, JobConfig config, ArtifactInfo? source, string by, DateTimeOffset now) => source is null
        ? new(id, config, null, JobPhase.AwaitingInput, JobReason.InputPending, $"Waits for its rows (PUT /v1/jobs/{id}/input).", by, now)
        : new(id, config, source, JobPhase.Queued, JobReason.VersionPending, "Waits for its version.", by, now);

    public JobState Enqueue() => this with { Phase = JobPhase.Queued, Reason = JobReason.VersionPending, Detail = "Waits for its version." };

    public JobState Start(PlacedVersion version, DateTimeOffset now) => this with
    {
        Phase = JobPhase.Running, Reason = JobReason.RowsPending, Detail = $"Rows are scored by version {version.Version}.", StartedAt = now, Version = version,
    };

    public JobState Succeed(JobProgress progress, DateTimeOffset now) =>
        End(JobPhase.Succeeded, JobReason.Completed, $"{progress.RowsDone} rows were scored, {progress.RowsFailed} failed.", now, progress);

    public JobState Fail(JobFault fault, DateTimeOffset now, JobProgress? progress = null) =>
        End(JobPhase.Failed, fault.Reason, fault.Detail, now, progress) with { Fault = fault };

    public JobState Cancel(string by, DateTimeOffset now, JobProgress? progress) =>
        End(JobPhase.Cancelled, JobReason.CancelledByUser, $"Cancelled by {by}.", now, progress);

    private JobState End(JobPhase phase, JobReason reason, string detail, DateTimeOffset now, JobProgress? progress) =>
        this with { Phase = phase, Reason = reason, Detail = detail, EndedAt = now, Progress = progress };
}
