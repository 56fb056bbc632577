using System.Collections.Immutable;
using Microsoft.Extensions.Options;
using Platform.Core.Serving;
using Platform.Worker.Onnx;
using Platform.Worker.Serving;

namespace Platform.Worker.Loading;

/// <summary>Takes the planner's steps, one at a time, and reports each. One caller at a time.</summary>
internal sealed partial class Reconciler(
    VersionLoader loader,
    ServedVersions served,
    KeptVersions kept,
    LoadReport report,
    IOptions<LoadingOptions> options,
    TimeProvider clock,
    ILogger<Reconciler> logger)
{
    private readonly Dictionary<VersionId, ActualVersion> actual = [];

    /// <summary>Takes steps up to and including the first load; false when there was none to take.</summary>
    public async Task<bool> StepAsync(IReadOnlyCollection<DesiredVersion> desired, CancellationToken cancellation)
    {
        kept.Expire();
        var steps = LoadPlanner.Decide(desired, actual.Values, clock.GetUtcNow(), options.Value.UnloadDelay);
        foreach (var step in steps)
        {
            await TakeAsync(step, cancellation);
            Publish();
            // A load takes long enough for the plans to have changed meanwhile.
            if (step.Kind == StepKind.Load) break;
        }

        return steps.Length > 0;
    }

    private async Task TakeAsync(LoadStep step, CancellationToken cancellation)
    {
        switch (step.Kind)
        {
            case StepKind.Reconfigure:
                Become(step.Id, LoadState.Ready, step.Placed!.Config);
                break;
            case StepKind.Restore:
                Become(step.Id, LoadState.Ready, step.Placed!.Config);
                break;
            case StepKind.Retire:
                Become(step.Id, LoadState.Unloading, actual[step.Id].Config);
                break;
            case StepKind.Unload:
                actual.Remove(step.Id);
                if (served.Take(step.Id) is { } unwanted) kept.Keep(unwanted);
                break;
            default:
                await LoadAsync(step.Id, step.Placed!, cancellation);
                return;
        }

        LogTaken(step.Kind, step.Id.Model, step.Id.Version, step.Reason);
    }

    private void Become(VersionId id, LoadState state, DeploymentConfig config)
    {
        actual[id] = new ActualVersion(id, state, config, clock.GetUtcNow());
        if (served.Find(id) is { } version) version.Config = config;
    }

    private async Task LoadAsync(VersionId id, PlacedVersion placed, CancellationToken cancellation)
    {
        var failures = actual.GetValueOrDefault(id)?.Failures ?? 0;
        var started = clock.GetTimestamp();
        actual[id] = new ActualVersion(id, LoadState.Loading, placed.Config, clock.GetUtcNow(), failures);
        Publish();
        try
        {
            served.Put(kept.Take(id) is { } found ? Renewed(found, placed.Config) : await LoadAsync(id.Model, placed, cancellation));
            actual[id] = new ActualVersion(id, LoadState.Ready, placed.Config, clock.GetUtcNow());
            LogLoaded(id.Model, id.Version, clock.GetElapsedTime(started).TotalMilliseconds);
        }
        catch (Exception e) when (e is not OperationCanceledException)
        {
            // Whatever went wrong, the other versions go on; the reason stands in the lease and the load is tried again.
            actual[id] = new ActualVersion(id, LoadState.Failed, placed.Config, clock.GetUtcNow(), failures + 1, e.Message);
            LogFailed(IsExpected(e) ? null : e, id.Model, id.Version, e.Message, LoadPlanner.Backoff(failures + 1).TotalSeconds);
        }
    }

    private Task<ServedVersion> LoadAsync(string model, PlacedVersion placed, CancellationToken cancellation)
    {
        kept.MakeRoom(placed);
        return loader.LoadAsync(model, placed, cancellation);
    }

    private static ServedVersion Renewed(ServedVersion version, DeploymentConfig config)
    {
        version.Config = config;
        return version;
    }

    private static bool IsExpected(Exception e) => e is UnusableModelException or InvalidDataException or IOException;

    private void Publish() => report.Publish(
    [
        .. actual.Values
            .OrderBy(version => version.Id.Model, StringComparer.Ordinal)
            .ThenBy(version => version.Id.Version, StringComparer.Ordinal)
            .Select(version => new LoadedVersion(version.Id.Model, version.Id.Version, version.Id.Sha256, version.State, version.Reason)),
    ]);

    [LoggerMessage(LogLevel.Information, "{Step} of model {Model} {Version} was done ({Reason}).")]
    private partial void LogTaken(StepKind step, string model, string version, StepReason reason);

    [LoggerMessage(LogLevel.Information, "Model {Model} {Version} was loaded in {Milliseconds} ms.")]
    private partial void LogLoaded(string model, string version, double milliseconds);

    [LoggerMessage(LogLevel.Error, "Model {Model} {Version} was not loaded: {Reason} The next try is in {RetrySeconds} s.")]
    private partial void LogFailed(Exception? exception, string model, string version, string reason, double retrySeconds);
}
