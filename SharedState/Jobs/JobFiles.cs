using System.Globalization;
using Platform.SharedState.Artifacts;

namespace Platform.SharedState.Jobs;

/// <summary>
/// Where the files of a job stand: each attempt writes under a name of its own, and what counts is which name was told.
/// Everything of a job is under one folder, so that nothing is left when that is deleted.
/// </summary>
public sealed class JobFiles(SealedFiles files)
{
    /// <summary>Whether a stream of a file can begin anywhere without reading all that lies before.</summary>
    public bool CanSeek => files.CanSeek;

    public static string NewSegment(string job, long offset) => $"{Input(job)}/{offset.ToString("d15", CultureInfo.InvariantCulture)}-{Guid.NewGuid():n}";

    public static string NewShard(string job, int number) => Numbered(job, "shards", number);

    public static string NewResults(string job, int number) => Numbered(job, "results", number);

    public static string NewErrors(string job, int number) => Numbered(job, "errors", number);

    public static string NewOutput(string job) => $"{Folder(job)}/output/{Guid.NewGuid():n}";

    /// <summary>Writes a whole file; the stream is read to its end.</summary>
    /// <returns>Its length in bytes.</returns>
    public Task<long> WriteAsync(string name, Stream content, CancellationToken cancellation, bool isLasting = true) =>
        files.WriteAsync(name, content, cancellation, isLasting);

    /// <summary>A file that is written piece by piece.</summary>
    /// <param name="isLasting">Off for what is needed on the way only: should the machine itself crash, its rows are reported as failed.</param>
    public JobFileWriter Create(string name, bool isLasting = true) => new(files, name, isLasting);

    /// <exception cref="FileNotFoundException">It is gone.</exception>
    public Task<Stream> OpenAsync(string name, CancellationToken cancellation) => files.OpenAsync(name, cancellation);

    public Task DeleteAsync(string name, CancellationToken cancellation) => files.DeleteAsync(name, cancellation);

    public Task DeleteInputAsync(string job, CancellationToken cancellation) => files.DeleteFolderAsync(Input(job), cancellation);

    /// <summary>Deletes what was needed only on the way from the input to the output.</summary>
    public async Task DeleteWorkAsync(string job, CancellationToken cancellation)
    {
        await files.DeleteFolderAsync($"{Folder(job)}/shards", cancellation);
        await files.DeleteFolderAsync($"{Folder(job)}/results", cancellation);
    }

    public Task DeleteOutputAsync(string job, CancellationToken cancellation) => files.DeleteFolderAsync($"{Folder(job)}/output", cancellation);

    /// <summary>Deletes everything of a job.</summary>
    public Task DeleteAllAsync(string job, CancellationToken cancellation) => files.DeleteFolderAsync(Folder(job), cancellation);

    private static string Numbered(string job, string kind, int number) =>
        $"{Folder(job)}/{kind}/{number.ToString("d8", CultureInfo.InvariantCulture)}-{Guid.NewGuid():n}";

    private static string Input(string job) => $"{Folder(job)}/input";

    /// <summary>Ids come from clients: one that is none must not become a path.</summary>
    private static string Folder(string job) =>
        Guid.TryParseExact(job, "n", out _) ? $"jobs/{job}" : throw new ArgumentException("This is no id of a job.", nameof(job));
}
