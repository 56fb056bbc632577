using System.Text.Json;
using Platform.Core;
using Platform.Core.Jobs;
using Platform.SharedState.Sealing;

namespace Platform.SharedState.Jobs;

/// <summary>What is wrong with an input may quote it, so it is kept sealed as the input is.</summary>
public sealed class FaultSeal(DataSeal seal, TimeProvider clock)
{
    public byte[] Seal(string job, JobFault fault) =>
        seal.Seal(SealPurposes.JobFault, job, JsonSerializer.SerializeToUtf8Bytes(fault, PlatformJson.Options), clock.GetUtcNow());

    /// <exception cref="InvalidDataException">It was altered, is another job's, or needs a platform key that is not here.</exception>
    public JobFault Open(string job, byte[] box) =>
        JsonSerializer.Deserialize<JobFault>(seal.Open(SealPurposes.JobFault, job, box), PlatformJson.Options)!;
}
