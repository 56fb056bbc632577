using Aspire.Hosting.ApplicationModel;
using Microsoft.Extensions.Hosting;

namespace Aspire.Hosting.Projects;

/// <summary>Aspire points every project at its dashboard. Without one, a collector is used where the AppHost's own settings name it.</summary>
internal static class Telemetry
{
    private const string Endpoint = "OTEL_EXPORTER_OTLP_ENDPOINT";
    private const string Protocol = "OTEL_EXPORTER_OTLP_PROTOCOL";
    private const string Headers = "OTEL_EXPORTER_OTLP_HEADERS";

    public static void Add(EnvironmentCallbackContext context, IDistributedApplicationBuilder appHost)
    {
        var variables = context.EnvironmentVariables;
        var collector = appHost.Configuration[Endpoint];
        if (collector is { Length: > 0 })
        {
            variables[Endpoint] = collector;
            variables[Protocol] = appHost.Configuration[Protocol] ?? "grpc";
        }

        variables["OTEL_RESOURCE_ATTRIBUTES"] = $"service.instance.id={ReplicaTemplate.InstanceId}";
        variables["OTEL_SERVICE_NAME"] = ReplicaTemplate.ServiceName;
        if (collector is not { Length: > 0 }) return;

        if (appHost.Configuration[Headers] is { } headers) variables[Headers] = headers;
        if (!appHost.Environment.IsDevelopment()) return;
        foreach (var name in (string[])["OTEL_BLRP_SCHEDULE_DELAY", "OTEL_BSP_SCHEDULE_DELAY", "OTEL_METRIC_EXPORT_INTERVAL"])
            variables[name] = "1000";
        variables["OTEL_TRACES_SAMPLER"] = "always_on";
        variables["OTEL_METRICS_EXEMPLAR_FILTER"] = "trace_based";
        variables["OTEL_INSTRUMENTATION_GENAI_CAPTURE_MESSAGE_CONTENT"] = "true";
    }
}
