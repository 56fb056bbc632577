using Microsoft.Extensions.Options;
using Platform.Core.Batching;
using Platform.Core.Serving;
using Platform.SharedState.Artifacts;
using Platform.Worker.Onnx;
using Platform.Worker.Profiling;
using Platform.Worker.Serving;

namespace Platform.Worker.Loading;

/// <summary>Brings one version from the artifact store into memory, ready to answer.</summary>
internal sealed partial class VersionLoader(
    ArtifactStore artifacts, Devices devices, Profiler profiler, WorkerTelemetry telemetry, IOptions<LoadingOptions> options, TimeProvider clock,
    ILogger<VersionLoader> logger)
{
    private bool hasSaidFallback;

    /// <exception cref="UnusableModelException">It cannot be served; the message says why.</exception>
    /// <exception cref="InvalidDataException">The stored bytes are not those that were registered.</exception>
    public async Task<ServedVersion> LoadAsync(string model, PlacedVersion placed, CancellationToken cancellation)
    {
        NoteFallback(model, placed);
        var bytes = await artifacts.ReadAsync(placed.Artifact, cancellation);
        // Building a session keeps a core busy for as long as it takes; a thread of the pool would be missed there.
        return await Task.Factory.StartNew(
            () => Open(model, placed, bytes), cancellation, TaskCreationOptions.LongRunning, TaskScheduler.Default);
    }

    private ServedVersion Open(string model, PlacedVersion placed, byte[] bytes)
    {
        using var limit = new CancellationTokenSource(options.Value.MaxLoadTime, clock);
        var loaded = OnnxModel.Load(bytes, placed.Config.Device, devices, limit.Token);
        try
        {
            if (Signatures.Difference(placed.Signature, loaded.Signature) is { } difference) throw new UnusableModelException(difference);
            var profile = InTime(loaded, () =>
            {
                if (placed.Config.Warmup) WarmUp(model, placed.Version, loaded);
                return Profile(model, placed, loaded);
            });
            return new ServedVersion(VersionId.Of(model, placed), loaded, placed.Config, profile);
        }
        catch
        {
            loaded.Dispose();
            throw;
        }
    }

    /// <summary>A graph that never ends would hold the loader for good, and with it all later versions.</summary>
    private VersionProfile InTime(OnnxModel loaded, Func<VersionProfile> run)
    {
        using var limit = new CancellationTokenSource(options.Value.MaxLoadTime, clock);
        VersionProfile profile;
        using (limit.Token.Register(loaded.Stop)) profile = run();
        // Stopped once, it stays so and must not be served.
        return limit.IsCancellationRequested
            ? throw new UnusableModelException($"The model's first runs did not end within {options.Value.MaxLoadTime.TotalSeconds} s (Worker:MaxLoadTime).")
            : profile;
    }

    private void WarmUp(string model, string version, OnnxModel loaded)
    {
        try
        {
            Warmup.Run(loaded);
        }
        catch (ModelRunException e) when (!Warmup.IsConclusive(loaded.Interface))
        {
            // With free dimensions a one is a guess, and the model may be right to refuse it.
            LogNotWarm(model, version, e.Message);
        }
        catch (ModelRunException e)
        {
            throw new UnusableModelException($"The model loads but does not run on zeros: {e.Message}", e);
        }
    }

    private VersionProfile Profile(string model, PlacedVersion placed, OnnxModel loaded)
    {
        var profile = placed.Config.Warmup ? profiler.Measure(loaded) : VersionProfile.Never(BatchSafety.NotChecked);
        if (profile.Safety == BatchSafety.Safe) LogProfiled(model, placed.Version, profile.Choice);
        else LogNotBatched(model, placed.Version, profile.Safety, profile.Detail ?? "nothing more is known");
        return profile;
    }

    private void NoteFallback(string model, PlacedVersion placed)
    {
        if (placed.Config.Device != Device.Auto || devices.CudaFault is not { } fault) return;
        telemetry.FellBack(model, placed.Version);
        if (hasSaidFallback) return;
        hasSaidFallback = true;
        LogFallback(fault);
    }

    [LoggerMessage(LogLevel.Information, "Device 'auto' wanted CUDA, but {Reason}; models with device 'auto' run on the CPU.")]
    private partial void LogFallback(string reason);

    [LoggerMessage(LogLevel.Warning, "Model {Model} {Version} was not warmed up, since it did not run on zeros with free dimensions "
        + "set to one: {Reason}")]
    private partial void LogNotWarm(string model, string version, string reason);

    [LoggerMessage(LogLevel.Information, "Model {Model} {Version} was profiled: its best batch size is {BatchSize}.")]
    private partial void LogProfiled(string model, string version, int batchSize);

    [LoggerMessage(LogLevel.Information, "Model {Model} {Version} will not be batched ({Reason}: {Detail}).")]
    private partial void LogNotBatched(string model, string version, BatchSafety reason, string detail);
}
