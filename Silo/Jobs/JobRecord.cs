using Platform.Core.Jobs;
using Platform.SharedState.Jobs;

namespace Platform.Silo.Jobs;

/// <summary>What is stored of a job. <see cref="Job"/> is null while there is none.</summary>
internal sealed record JobRecord
{
    private const string FaultPart = "fault";

    public int Schema { get; init; } = 1;

    /// <summary>Without what its fault says.</summary>
    public JobState? Job { get; init; }

    /// <summary>Why it failed, sealed: that may cite what stands in the rows.</summary>
    public byte[]? Fault { get; init; }

    public static JobRecord Of(JobState job, JobSeal seal) => job.Fault is not { } fault ? new() { Job = job } : new()
    {
        Job = job with { Detail = "", Fault = null, Progress = job.Progress is { } progress ? progress with { Fault = null } : null },
        Fault = seal.Seal(job.Id, FaultPart, fault),
    };

    public JobState? Open(JobSeal seal)
    {
        if (Job is not { } job || Fault is not { } box) return Job;
        var fault = seal.Open<JobFault>(job.Id, FaultPart, box);
        return job with { Detail = fault.Detail, Fault = fault };
    }
}
