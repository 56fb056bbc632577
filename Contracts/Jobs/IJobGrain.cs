using Orleans.Concurrency;
using Platform.Core.Jobs;
using Platform.Core.Results;

namespace Platform.Contracts.Jobs;

/// <summary>
/// One batch job: fixes its version, puts work before the workers, notices its end, keeps and deletes its files. Each
/// step is recorded, so that a silo that dies anywhere is followed by one that goes on. No row passes through it.
/// Key: the job's id.
/// </summary>
[Alias("platform.job")]
public interface IJobGrain : IGrainWithStringKey
{
    /// <summary>Records the job and begins to drive it.</summary>
    [Alias("create")]
    Task<Outcome<JobView>> CreateAsync(JobConfig config, string actor);

    /// <summary>The job with its progress as of now; null if there is none.</summary>
    [ReadOnly, Alias("get")]
    Task<JobView?> GetAsync();

    /// <summary>All rows were uploaded.</summary>
    [Alias("inputArrived")]
    Task<Outcome<JobView>> InputArrivedAsync();

    /// <summary>Ends it; workers stop within the shard that they are at.</summary>
    [Alias("cancel")]
    Task<Outcome<JobView>> CancelAsync(string actor);

    /// <summary>Deletes the job with its input, output and errors before its time; one that still runs is ended first.</summary>
    /// <param name="endedBefore">Only if it had ended by then; null for whatever it is at.</param>
    /// <returns>Whether there was such a job.</returns>
    [Alias("forget")]
    Task<bool> ForgetAsync(DateTimeOffset? endedBefore);
}

/// <param name="Progress">As of now, or as of its end.</param>
/// <param name="RowsPerSecond">How fast rows are settled; null while it is not known, and after the end the average of all.</param>
/// <param name="Eta">When the last row will be settled; null while that cannot be said.</param>
public sealed record JobView(
    JobState Job, JobProgress? Progress, long ReceivedBytes, bool InputComplete, double? RowsPerSecond, DateTimeOffset? Eta);
