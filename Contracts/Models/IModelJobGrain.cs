using Platform.Core.Models;
using Platform.Core.Results;
using Platform.Core.Serving;

namespace Platform.Contracts.Models;

/// <summary>
/// What the model's grain does for batch jobs: it alone changes the plan. Every change may be repeated. Key: the model's
/// name.
/// </summary>
[Alias("platform.modelJobs")]
public interface IModelJobGrain : IGrainWithStringKey
{
    /// <summary>Looks whether a job could run, before it is recorded, and gives the file that its input is in.</summary>
    /// <param name="version">A version, a range or a tag; null for production.</param>
    /// <param name="uri"><c>dataset:name</c> or <c>sha256:digest</c>; null for an upload.</param>
    [Alias("check")]
    Task<Outcome<JobFooting>> CheckJobAsync(string? version, string format, string? uri);

    /// <summary>Has workers hold the version, whatever becomes of production, until it is released. The first answer holds.</summary>
    [Alias("hold")]
    Task<Outcome<PlacedVersion>> HoldVersionAsync(string job, string? version);

    /// <summary>Why no worker can run what the job holds; null while one can, or may yet.</summary>
    [Alias("whyNot")]
    Task<LoadVerdict> JudgeHoldAsync(string job);

    [Alias("release")]
    Task ReleaseVersionAsync(string job);
}

/// <param name="Source">Null for rows that are uploaded.</param>
public sealed record JobFooting(string Version, ArtifactInfo? Source);

/// <param name="Failure">What a worker said; null while nothing is wrong.</param>
public sealed record LoadVerdict(string? Failure);
