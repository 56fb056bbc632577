using System.Collections.Concurrent;
using System.Collections.Immutable;
using Platform.Core.Serving;
using Platform.SharedState.Workers;

namespace Platform.Api.Workers;

/// <summary>Which worker gets a request, of those that have the version ready.</summary>
internal sealed partial class WorkerPicker
{
    private static readonly TimeSpan ForgetAfter = TimeSpan.FromMinutes(10);
    private static readonly TimeSpan LookLimit = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan LookPause = TimeSpan.FromMilliseconds(100);
    private readonly ConcurrentDictionary<string, KnownWorker> workers = new();
    private readonly ConcurrentDictionary<(string Model, string Version, string Sha256), VersionTarget> targets = new();
    private readonly WorkerDirectory directory;
    private readonly TimeProvider clock;
    private readonly ILogger<WorkerPicker> logger;

    public WorkerPicker(WorkerDirectory directory, TimeProvider clock, ILogger<WorkerPicker> logger)
    {
        (this.directory, this.clock, this.logger) = (directory, clock, logger);
        directory.Changed += LookAround;
    }

    public VersionTarget Of(string model, PlacedVersion version)
    {
        var key = (model, version.Version, version.Artifact.Sha256);
        return targets.TryGetValue(key, out var known)
            ? known
            : targets.GetOrAdd(key, _ => new VersionTarget(model, version, Know, clock));
    }

    /// <summary>A worker other than those tried, or null. End the pick when the answer is there.</summary>
    public Pick? TryPick(VersionTarget target, ImmutableArray<string> tried) => target.TryPick(directory.Workers, tried);

    /// <summary>
    /// The same after a look at who is there now: what is known is up to a second old, older where Redis is late, and so
    /// may be older than the plan that has the version.
    /// </summary>
    /// <exception cref="OperationCanceledException">The request was given up meanwhile.</exception>
    public async ValueTask<Pick?> LookAgainAsync(VersionTarget target, ImmutableArray<string> tried, CancellationToken cancellation)
    {
        var started = clock.GetTimestamp();
        while (LookLimit - clock.GetElapsedTime(started) is var left && left > TimeSpan.Zero)
        {
            try
            {
                var isRead = await directory.ReadAgainAsync().WaitAsync(left, clock, cancellation);
                if (TryPick(target, tried) is { } pick) return pick;
                if (isRead) return null;
                await Task.Delay(LookPause, clock, cancellation);
            }
            catch (TimeoutException)
            {
                return null;
            }
        }

        return null;
    }

    private KnownWorker Know(WorkerLease lease) => workers.GetOrAdd(lease.Id, static (_, made) => new KnownWorker(made.lease, made.clock), (lease, clock));

    /// <summary>Workers come back under new ids and versions come and go, so both would add up here.</summary>
    private void LookAround()
    {
        var alive = directory.Workers.Select(worker => worker.Id).ToHashSet();
        foreach (var id in workers.Keys.Where(id => !alive.Contains(id))) workers.TryRemove(id, out _);
        foreach (var (key, target) in targets)
        {
            if (clock.GetElapsedTime(target.LastUse) > ForgetAfter) targets.TryRemove(key, out _);
            foreach (var (worker, time) in target.EjectOutliers()) LogEjected(worker, target.Model, target.Version.Version, time.TotalSeconds);
        }
    }

    [LoggerMessage(LogLevel.Warning, "Worker {Worker} did much worse with {Model} {Version} than its peers; it is passed by for {Seconds} s.")]
    private partial void LogEjected(string worker, string model, string version, double seconds);
}
