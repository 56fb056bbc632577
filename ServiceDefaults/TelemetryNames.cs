namespace Platform.ServiceDefaults;

/// <summary>Names under which the platform's own telemetry leaves the processes.</summary>
public static class TelemetryNames
{
    public const string Source = "Platform";
    public const string Meter = "Platform";

    /// <summary>Span of an inference on the worker, and of the model's run inside it.</summary>
    public const string InferSpan = "infer";
    public const string RunSpan = "model.run";

    /// <summary>Span of a request that waits on the worker until its run begins.</summary>
    public const string QueueSpan = "queue";

    public const string ModelTag = "platform.model";
    public const string VersionTag = "platform.version";
    public const string RouteTag = "platform.route";
    public const string OutcomeTag = "platform.outcome";
    public const string DeviceTag = "platform.device";
    public const string BatchSizeTag = "platform.batch_size";
    public const string GpuIdTag = "hw.id";
    public const string GpuNameTag = "hw.name";

    public const string Duration = "platform.inference.duration";
    public const string RequestBytes = "platform.inference.request.size";
    public const string ResponseBytes = "platform.inference.response.size";
    public const string CacheHits = "platform.inference.cache_hits";
    public const string CountsLost = "platform.metrics.lost";
    public const string RunDuration = "platform.model.run.duration";
    public const string QueueDuration = "platform.model.queue.duration";
    public const string BatchSize = "platform.model.batch_size";
    public const string Retries = "platform.inference.retries";
    public const string CacheLookups = "platform.inference.cache_lookups";
    public const string Hedges = "platform.inference.hedges";
    public const string VersionsLoaded = "platform.worker.versions";
    public const string LineageDropped = "platform.lineage.dropped";
    public const string Predictions = "platform.predictions";
    public const string ReasonTag = "platform.reason";

    /// <summary>Callers that were turned away.</summary>
    public const string AccessRefusals = "platform.access.refusals";
    public const string QueueDepth = "platform.worker.queue_depth";

    /// <summary>OpenTelemetry's names for hardware.</summary>
    public const string GpuUtilization = "hw.gpu.utilization";
    public const string GpuMemoryUsage = "hw.gpu.memory.usage";
    public const string GpuMemoryLimit = "hw.gpu.memory.limit";

    /// <summary>OpenTelemetry's names for calls of gRPC.</summary>
    public const string RpcDuration = "rpc.server.call.duration";
    public const string RpcSystemTag = "rpc.system.name";
    public const string RpcMethodTag = "rpc.method";
    public const string RpcStatusTag = "rpc.response.status_code";
    public const string ErrorTag = "error.type";

    public const string ExposuresDropped = "platform.experiment.exposures_dropped";
    public const string ProviderFallbacks = "platform.worker.provider_fallbacks";

    /// <summary>What was found against requests, by reason and by whether it was only observed.</summary>
    public const string ProtectionFindings = "platform.protection.findings";
    public const string ModeTag = "platform.mode";

    /// <summary>Work of the input checks for which there was no room.</summary>
    public const string ProtectionDropped = "platform.protection.dropped";
}
