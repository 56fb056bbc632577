using System.Collections.Immutable;

namespace Platform.Core.Serving;

/// <summary>Whether traffic may go to a version that workers were told to load.</summary>
public enum ReadinessVerdict
{
    Waiting,
    Ready,
    Failed,
}

/// <summary>The verdict, with what is waited for or what went wrong.</summary>
public sealed record Readiness(ReadinessVerdict Verdict, string Reason)
{
    /// <summary>
    /// Ready when every worker that should hold the version has these very bytes loaded; failed when one cannot load
    /// it, or when <paramref name="age"/> is past <paramref name="limit"/>.
    /// </summary>
    public static Readiness Judge(
        string model, PlacedVersion placed, IEnumerable<WorkerLease> workers, TimeSpan age, TimeSpan limit)
    {
        var live = workers.Where(worker => !worker.Draining).ToImmutableArray();
        var chosen = Placement.Choose(model, placed.Version, placed.Config.Replicas, live.Select(worker => worker.Id));
        var holders = live.Where(worker => chosen.Contains(worker.Id)).ToImmutableArray();

        foreach (var worker in holders)
        {
            if (Loaded(worker, model, placed) is { State: LoadState.Failed } failed)
                return new(ReadinessVerdict.Failed, $"Worker {worker.Id} cannot load it: {failed.Reason}");
        }

        var missing = holders.Where(worker => Loaded(worker, model, placed) is not { State: LoadState.Ready })
            .Select(worker => worker.Id)
            .ToImmutableArray();
        if (!holders.IsEmpty && missing.IsEmpty) return new(ReadinessVerdict.Ready, $"Ready on {holders.Length} worker(s).");

        var waitingFor = holders.IsEmpty ? "a worker; none is running" : $"worker(s) {string.Join(", ", missing)}";
        return age > limit
            ? new(ReadinessVerdict.Failed, $"Not ready after {limit.TotalSeconds:0} s; still waiting for {waitingFor}.")
            : new(ReadinessVerdict.Waiting, $"Waiting for {waitingFor}.");
    }

    private static LoadedVersion? Loaded(WorkerLease worker, string model, PlacedVersion placed) =>
        worker.Versions.FirstOrDefault(loaded =>
            loaded.Model == model && loaded.Version == placed.Version && loaded.Sha256 == placed.Artifact.Sha256);
}
