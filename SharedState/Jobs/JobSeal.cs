using System.Text.Json;
using Platform.Core;
using Platform.SharedState.Sealing;

namespace Platform.SharedState.Jobs;

/// <summary>
/// Seals what is said of a job's rows: why an input was refused or a row has no output may cite what stands in them. What a
/// job only counts stays open.
/// </summary>
public sealed class JobSeal(DataSeal seal, TimeProvider clock)
{
    /// <param name="of">What it says something of, such as <c>fault</c>; it opens as nothing else.</param>
    public byte[] Seal<T>(string job, string of, T said) =>
        seal.Seal(SealPurposes.Job, NameOf(job, of), JsonSerializer.SerializeToUtf8Bytes(said, PlatformJson.Options), clock.GetUtcNow());

    /// <exception cref="InvalidDataException">It was altered, is another one's, or needs a platform key that is not here.</exception>
    public T Open<T>(string job, string of, byte[] box) =>
        JsonSerializer.Deserialize<T>(seal.Open(SealPurposes.Job, NameOf(job, of), box), PlatformJson.Options)!;

    private static string NameOf(string job, string of) => $"{job}/{of}";
}
