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

    public static JobRecord Of(JobState job, JobSeal seal) =>
        new() { Job = job.WithoutFault(), Fault = job.Fault is { } fault ? seal.Seal(job.Id, FaultPart, fault) : null };

    public JobState? Open(JobSeal seal) => Job is { } job && Fault is { } box ? job.WithFault(seal.Open<JobFault>(job.Id, FaultPart, box)) : Job;
}
