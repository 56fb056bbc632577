using System.Text.Json.Serialization;
using Platform.Contracts.Jobs;
using Platform.Core.Jobs;

namespace Platform.Api.Jobs;

/// <summary>How a job stands, as clients see it.</summary>
public enum JobStateName
{
    Queued,
    Running,
    Succeeded,
    Failed,
    Cancelled,
}

/// <param name="Uri">Null for rows that are uploaded.</param>
/// <param name="ReceivedBytes">Of an upload.</param>
public sealed record JobInputResponse(string Format, string? Uri, long ReceivedBytes, bool Complete);

/// <param name="SizeBytes">Null until it is there.</param>
public sealed record JobOutputResponse(string Format, long? SizeBytes);

/// <summary>What is wrong with the input as a whole.</summary>
/// <param name="Row">From 0.</param>
public sealed record JobFaultResponse(JobReason Reason, string Detail, long? Row, string? Column);

/// <param name="Version">Fixed when the job starts; before that what was asked for.</param>
/// <param name="Reason">What it waits for, or what ended it.</param>
/// <param name="RowsTotal">Null until the whole input was read.</param>
/// <param name="RowsDone">Rows that have an output.</param>
/// <param name="RowsFailed">Rows that have none; GET …/errors says why.</param>
public sealed record JobResponse(
    string Id, string Model, string? Version, JobStateName State, JobReason Reason, string Detail,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.Never)] long? RowsTotal, long RowsDone, long RowsFailed,
    double? RowsPerSecond, JobInputResponse Input, JobOutputResponse Output, int? BatchSize, int Priority, long? MaxFailedRows,
    string By, DateTimeOffset CreatedAt,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.Never)] DateTimeOffset? StartedAt,
    DateTimeOffset? EndedAt,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.Never)] DateTimeOffset? Eta,
    JobFaultResponse? Fault)
{
    internal static JobResponse Of(JobView view)
    {
        var (job, config, progress) = (view.Job, view.Job.Config, view.Progress ?? JobProgress.None);
        return new(
            job.Id, config.Model, job.Version?.Version ?? config.Version, NameOf(job.Phase), job.Reason, job.Detail,
            progress.RowsTotal, progress.RowsDone, progress.RowsFailed, view.RowsPerSecond is { } rate ? Math.Round(rate, 1) : null,
            new(config.Format, config.Uri, view.ReceivedBytes, view.InputComplete),
            new(config.OutputFormat, job.Phase is JobPhase.Succeeded ? progress.OutputBytes : null),
            config.BatchSize, config.Priority, config.MaxFailedRows, job.By, job.CreatedAt, job.StartedAt, job.EndedAt, view.Eta,
            job.Fault is { } fault ? new(fault.Reason, fault.Detail, fault.Row, fault.Column) : null);
    }

    private static JobStateName NameOf(JobPhase phase) => phase switch
    {
        JobPhase.AwaitingInput or JobPhase.Queued => JobStateName.Queued,
        JobPhase.Running => JobStateName.Running,
        JobPhase.Succeeded => JobStateName.Succeeded,
        JobPhase.Failed => JobStateName.Failed,
        _ => JobStateName.Cancelled,
    };
}
