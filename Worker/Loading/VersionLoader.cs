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
    /// <summary>A shorter run gains nothing from more threads, and is not worth a second session to find that out.</summary>
    private const double LeastParallelMs = 2;

    /// <summary>Of all the cores that a run takes for itself, so many at least must work for it.</summary>
    private const double LeastEfficiency = 0.9;

    private bool hasSaidFallback;

    /// <exception cref="UnusableModelException">It cannot be served; the message says why.</exception>
    /// <exception cref="InvalidDataException">The stored bytes are not those that were registered.</exception>
    public async Task<ServedVersion> LoadAsync(string model, PlacedVersion placed, CancellationToken cancellation)
    {
        NoteFallback(model, placed);
        var bytes = await artifacts.ReadAsync(placed.Artifact, cancellation);
        var before = Environment.WorkingSet;
        var loaded = placed.Config.Profile is SessionProfile.Latency
            ? await OpenForOneAsync(model, placed, bytes, cancellation)
            : await OnOwnThreadAsync(() => Open(model, placed, bytes, threads: 1), options.Value.LoadNiceness, cancellation);
        var profile = await MeasureAsync(model, placed, loaded, cancellation);
        if (IsWorthTwo(placed, loaded, profile)) (loaded, profile) = await FasterAsync(model, placed, bytes, loaded, profile, cancellation);

        // Others may have taken or given memory meanwhile, so what it grew by is held to what is possible.
        var footprint = Math.Clamp(Environment.WorkingSet - before, placed.Artifact.SizeBytes, 2 * KeptVersions.Estimate(placed.Artifact.SizeBytes));
        return new ServedVersion(VersionId.Of(model, placed), loaded, placed.Config, profile, footprint);
    }

    /// <summary>A session keeps a core busy for as long as it is being made; a thread of the pool would be missed there.</summary>
    private static Task<T> OnOwnThreadAsync<T>(Func<T> work, int niceness, CancellationToken cancellation) => Task.Factory.StartNew(
        () =>
        {
            Niceness.Set(niceness);
            return work();
        },
        cancellation, TaskCreationOptions.LongRunning, TaskScheduler.Default);

    private OnnxModel Open(string model, PlacedVersion placed, byte[] bytes, int threads)
    {
        using var limit = new CancellationTokenSource(options.Value.MaxLoadTime, clock);
        var loaded = OnnxModel.Load(bytes, placed.Config.Device, devices, threads, limit.Token);
        try
        {
            if (Signatures.Difference(placed.Signature, loaded.Signature) is { } difference) throw new UnusableModelException(difference);
            if (placed.Config.Warmup) InTime(loaded, () => WarmUp(model, placed.Version, loaded));
            return loaded;
        }
        catch
        {
            loaded.Dispose();
            throw;
        }
    }

    /// <summary>A graph that never ends would hold the loader for good, and with it all later versions.</summary>
    private void InTime(OnnxModel loaded, Action run)
    {
        using var limit = new CancellationTokenSource(options.Value.MaxLoadTime, clock);
        using (limit.Token.Register(loaded.Stop)) run();
        // Stopped once, it stays so and must not be served.
        if (limit.IsCancellationRequested)
            throw new UnusableModelException($"The model's first runs did not end within {options.Value.MaxLoadTime.TotalSeconds} s (Worker:MaxLoadTime).");
    }

    /// <summary>Timed as it will run, so not on a thread that yields.</summary>
    private async Task<VersionProfile> MeasureAsync(string model, PlacedVersion placed, OnnxModel loaded, CancellationToken cancellation)
    {
        try
        {
            return await OnOwnThreadAsync(
                () =>
                {
                    VersionProfile? profile = null;
                    InTime(loaded, () => profile = Profile(model, placed, loaded));
                    return profile!;
                },
                niceness: 0, cancellation);
        }
        catch
        {
            loaded.Dispose();
            throw;
        }
    }

    private static bool IsWorthTwo(PlacedVersion placed, OnnxModel loaded, VersionProfile profile) =>
        placed.Config.Profile is null && loaded.Device == Devices.Cpu && Environment.ProcessorCount > 1 && profile.SingleMs >= LeastParallelMs;

    /// <summary>A session with all cores a run instead, where that costs no throughput: for hardly any model.</summary>
    private async Task<(OnnxModel Model, VersionProfile Profile)> FasterAsync(
        string model, PlacedVersion placed, byte[] bytes, OnnxModel single, VersionProfile itsProfile, CancellationToken cancellation)
    {
        var slower = single;
        try
        {
            var parallel = await OpenForOneAsync(model, placed, bytes, cancellation);
            var profile = await MeasureAsync(model, placed, parallel, cancellation);
            if (profile.SingleMs * Environment.ProcessorCount * LeastEfficiency <= itsProfile.SingleMs) return (parallel, profile);
            slower = null;
            parallel.Dispose();
            return (single, itsProfile);
        }
        finally
        {
            slower?.Dispose();
        }
    }

    /// <summary>With all cores for one run. Not on a thread that yields: the session's own threads would take after it.</summary>
    private Task<OnnxModel> OpenForOneAsync(string model, PlacedVersion placed, byte[] bytes, CancellationToken cancellation) =>
        OnOwnThreadAsync(() => Open(model, placed, bytes, Environment.ProcessorCount), niceness: 0, cancellation);

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
