using Platform.Core.Protection;

namespace Platform.Core.Serving;

/// <summary>Where a version runs. <c>Auto</c> takes an accelerator when there is one.</summary>
public enum Device
{
    Auto,
    Cpu,
    Cuda,
    Tensorrt,
}

/// <summary>What a version's session is made for.</summary>
public enum SessionProfile
{
    /// <summary>Each run on one thread, as many runs at a time as there are cores.</summary>
    Throughput,

    /// <summary>One run at a time on all cores: shorter for a caller alone, less work done in all for most models.</summary>
    Latency,
}

/// <summary>Limits of one deployed version on each worker.</summary>
/// <param name="MaxQueue">Requests that may wait; the next one is refused with 429.</param>
/// <param name="Timeout">A request that is older is given up with 504.</param>
/// <param name="MaxConcurrent">
/// Requests that may be waiting or running, so that one version cannot take all of a worker; the next one is refused with
/// 429. Null means no limit but the queue's.
/// </param>
public sealed record ServingLimits(int MaxQueue = 1024, TimeSpan? Timeout = null, int? MaxConcurrent = null)
{
    public static readonly TimeSpan DefaultTimeout = TimeSpan.FromSeconds(5);
}

/// <summary>How a version is served.</summary>
/// <param name="Device">Which execution provider runs it.</param>
/// <param name="Replicas">How many workers hold it; null means every worker.</param>
/// <param name="Limits">Queue and time limits.</param>
/// <param name="Warmup">Whether a worker runs it once on zeros before it says "ready".</param>
/// <param name="Batching">How requests share runs; null lets the version's profile choose.</param>
/// <param name="Feedback">Which predictions wait for labels; null means all, read as fits the outputs.</param>
/// <param name="Cache">Whether answers are remembered; null means none are.</param>
/// <param name="Hedge">Whether a second worker is asked when the first one is late; null means none is.</param>
/// <param name="Fallback">What answers while no worker can; null means that the caller is told so.</param>
/// <param name="Protection">What is done about hostile requests; null means nothing.</param>
/// <param name="Profile">What its sessions are made for; null lets each worker choose by what it measures.</param>
public sealed record DeploymentConfig(
    Device Device = Device.Auto, int? Replicas = null, ServingLimits? Limits = null, bool Warmup = true,
    BatchingConfig? Batching = null, FeedbackConfig? Feedback = null, CacheConfig? Cache = null, HedgeConfig? Hedge = null, FallbackConfig? Fallback = null,
    ProtectionConfig? Protection = null, SessionProfile? Profile = null);
