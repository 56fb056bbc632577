using Microsoft.Extensions.Options;
using Platform.Core.Serving;
using Platform.Worker.Onnx;
using Platform.Worker.Serving;

namespace Platform.Worker.Loading;

/// <summary>
/// The memory of a worker: what its versions take of it, and those that no plan wants any more but that stay while there
/// is room. One caller at a time.
/// </summary>
internal sealed class KeptVersions(ServedVersions served, IOptions<LoadingOptions> options, TimeProvider clock) : IDisposable
{
    /// <summary>A session's own copy of the file beside the file's bytes, while it is being made.</summary>
    private const int CopiesOfFile = 2;

    /// <summary>What even the smallest session takes.</summary>
    private const long Least = 4 << 20;

    /// <summary>The one that was wanted last is last.</summary>
    private readonly List<(ServedVersion Version, DateTimeOffset Since)> kept = [];

    public int Count => kept.Count;

    private long Budget { get; } = options.Value.EffectiveMemoryBudget;

    private long Taken => served.All.Sum(version => version.Footprint) + kept.Sum(entry => entry.Version.Footprint);

    /// <summary>What a version will take, before anybody knows.</summary>
    public static long Estimate(long fileBytes) => (fileBytes * CopiesOfFile) + Least;

    public void Keep(ServedVersion version)
    {
        if (options.Value.KeepUnwanted <= TimeSpan.Zero) version.Dispose();
        else kept.Add((version, clock.GetUtcNow()));
    }

    /// <summary>The version, if it is still here; it is the caller's then.</summary>
    public ServedVersion? Take(VersionId id)
    {
        var at = kept.FindIndex(entry => entry.Version.Id == id);
        if (at < 0) return null;
        var version = kept[at].Version;
        kept.RemoveAt(at);
        return version;
    }

    /// <summary>Frees those that were kept for long enough.</summary>
    public void Expire()
    {
        var now = clock.GetUtcNow();
        while (kept.Count > 0 && now - kept[0].Since >= options.Value.KeepUnwanted) FreeFirst();
    }

    /// <summary>Frees what nobody wants, least recently wanted first, until a version of that size fits.</summary>
    /// <exception cref="UnusableModelException">It does not fit all the same.</exception>
    public void MakeRoom(PlacedVersion placed)
    {
        var needed = Estimate(placed.Artifact.SizeBytes);
        while (kept.Count > 0 && Taken + needed > Budget) FreeFirst();
        if (Taken + needed <= Budget) return;
        throw new UnusableModelException(
            $"It needs about {MiB(needed)} MiB, and of the {MiB(Budget)} MiB that versions may take on this worker (Worker:MemoryBudget) "
            + $"{MiB(Taken)} MiB are taken by {served.Count} that plans want. Undeploy one of those, give the worker more memory, or place "
            + "versions on fewer workers (config.replicas).");
    }

    public void Dispose()
    {
        while (kept.Count > 0) FreeFirst();
    }

    private void FreeFirst()
    {
        kept[0].Version.Dispose();
        kept.RemoveAt(0);
    }

    private static long MiB(long bytes) => (bytes + (1 << 20) - 1) >> 20;
}
