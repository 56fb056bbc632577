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

/// <summary>What a worker says of itself each second. It counts as gone when it falls silent for three.</summary>
/// <param name="Id">Different after every start.</param>
/// <param name="Address">Base address at which Apis reach it.</param>
/// <param name="Device">"cpu", "cuda:0" …</param>
/// <param name="QueueDepth">Requests waiting or running.</param>
/// <param name="Utilisation">Share of the last second in which its executors were busy, 0 to 1.</param>
/// <param name="Draining">Whether it takes no new work because it is stopping.</param>
/// <param name="FramePort">Port at the same host to which Apis bring inferences.</param>
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
    int FramePort = 0)
{
    public bool IsReady(string model, string version, string sha256) => !Draining && Versions.Any(loaded =>
        loaded.State == LoadState.Ready && loaded.Model == model && loaded.Version == version && loaded.Sha256 == sha256);
}
