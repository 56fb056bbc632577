using System.Collections.Immutable;

namespace Platform.Core.Serving;

/// <summary>How far a worker is with a version.</summary>
public enum LoadState
{
    Loading,
    Ready,
    Failed,
    Unloading,
}

/// <summary>A version on a worker.</summary>
/// <param name="Sha256">Digest of the bytes that are loaded; two deployments of one number differ in it.</param>
/// <param name="Reason">Why it failed, for people.</param>
public sealed record LoadedVersion(string Model, string Version, string Sha256, LoadState State, string? Reason = null);

/// <summary>A GPU that a worker sees.</summary>
/// <param name="Utilisation">Share of the last moment in which a kernel ran, 0 to 1; null where the driver does not say.</param>
public sealed record GpuUse(string Id, string Name, double? Utilisation, long MemoryUsedBytes, long MemoryBytes);

/// <summary>What a process used in the last second.</summary>
/// <param name="CpuCores">Cores that were busy with it, on average.</param>
/// <param name="MemoryBytes">Its working set.</param>
/// <param name="GcPause">Share of the time in which garbage collection held it up, 0 to 1.</param>
/// <param name="ThreadPoolQueue">Pieces of work that wait for a thread.</param>
/// <param name="Gpus">Left out where there are none.</param>
public sealed record ProcessUse(double CpuCores, long MemoryBytes, double GcPause, long ThreadPoolQueue, ImmutableArray<GpuUse>? Gpus = null);

/// <summary>What a worker says of itself each second. It counts as gone when it falls silent for three.</summary>
/// <param name="Id">Different after every start.</param>
/// <param name="Address">Base address at which Apis reach it.</param>
/// <param name="Device">"cpu", "cuda:0" …</param>
/// <param name="QueueDepth">Requests waiting or running.</param>
/// <param name="Utilisation">Share of the last second in which its executors were busy, 0 to 1.</param>
/// <param name="Draining">Whether it takes no new work because it is stopping.</param>
/// <param name="FramePort">Port at the same host to which Apis bring inferences.</param>
/// <param name="Use">Null in leases of before.</param>
public sealed record WorkerLease(
    string Id,
    Uri Address,
    string Device,
    ImmutableArray<LoadedVersion> Versions,
    int QueueDepth,
    double Utilisation,
    bool Draining,
    DateTimeOffset StartedAt,
    DateTimeOffset LastHeartbeat,
    int FramePort = 0,
    ProcessUse? Use = null)
{
    public bool IsReady(string model, string version, string sha256) => !Draining && Versions.Any(loaded =>
        loaded.State == LoadState.Ready && loaded.Model == model && loaded.Version == version && loaded.Sha256 == sha256);
}
