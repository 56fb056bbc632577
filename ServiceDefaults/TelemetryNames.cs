namespace Platform.ServiceDefaults;

/// <summary>Names under which the platform's own telemetry leaves the processes.</summary>
public static class TelemetryNames
{
    public const string Source = "Platform";
    public const string Meter = "Platform";

    /// <summary>Span of an inference on the worker, and of the model's run inside it.</summary>
    public const string InferSpan = "infer";
    public const string RunSpan = "model.run";

    public const string ModelTag = "platform.model";
    public const string VersionTag = "platform.version";
    public const string RouteTag = "platform.route";
    public const string OutcomeTag = "platform.outcome";
    public const string DeviceTag = "platform.device";

    public const string Requests = "platform.inference.requests";
    public const string Duration = "platform.inference.duration";
    public const string RunDuration = "platform.model.run.duration";
    public const string Retries = "platform.inference.retries";
    public const string CacheLookups = "platform.inference.cache_lookups";
    public const string Hedges = "platform.inference.hedges";
    public const string VersionsLoaded = "platform.worker.versions";
    public const string Predictions = "platform.predictions";
    public const string ReasonTag = "platform.reason";

    /// <summary>Callers that were turned away.</summary>
    public const string AccessRefusals = "platform.access.refusals";
    public const string ProviderFallbacks = "platform.worker.provider_fallbacks";
}
