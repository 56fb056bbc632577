using System.Diagnostics.Metrics;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using OpenTelemetry;
using OpenTelemetry.Metrics;
using OpenTelemetry.Trace;

namespace Platform.ServiceDefaults;

/// <summary>How traces, metrics and logs leave a process: by OTLP when a collector is named, and metrics by <c>/metrics</c> always.</summary>
public static class Telemetry
{
    public const string MetricsPath = "/metrics";
    private const string CollectorSetting = "OTEL_EXPORTER_OTLP_ENDPOINT";

    /// <summary>Maps <c>/metrics</c> for Prometheus. Who may read it is the host's to say: it names models and versions.</summary>
    public static IEndpointConventionBuilder MapPrometheus(this WebApplication app) =>
        app.MapPrometheusScrapingEndpoint(
            MetricsPath, app.Services.GetRequiredService<ScrapedMetrics>().Provider, configureBranchedPipeline: null, optionsName: null);

    internal static void ConfigureTelemetry(this IHostApplicationBuilder builder)
    {
        builder.Logging.AddOpenTelemetry(logging =>
        {
            logging.IncludeFormattedMessage = true;
            logging.IncludeScopes = true;
        });
        builder.Services.AddSingleton<ScrapedMetrics>();
        var telemetry = builder.Services.AddOpenTelemetry();
        // Spans that nobody collects would cost each request as much as those that somebody does.
        if (string.IsNullOrWhiteSpace(builder.Configuration[CollectorSetting])) return;
        telemetry.WithTracing(tracing => tracing
            .AddSource(TelemetryNames.Source, "Microsoft.Orleans.Runtime", "Microsoft.Orleans.Application")
            .AddAspNetCoreInstrumentation(options => options.Filter = context =>
                !context.Request.Path.StartsWithSegments(Extensions.HealthPath) && !context.Request.Path.StartsWithSegments(Extensions.AlivePath)
                && !context.Request.Path.StartsWithSegments(MetricsPath))
            .AddHttpClientInstrumentation());
        // Buckets that fit themselves to the values merge over processes without anybody having guessed their borders.
        telemetry.WithMetrics(metrics => metrics.AddMeters().AddView(ExponentialBuckets)).UseOtlpExporter();
    }

    /// <summary>Everything that a process of the platform measures.</summary>
    internal static MeterProviderBuilder AddMeters(this MeterProviderBuilder metrics) => metrics
        .AddAspNetCoreInstrumentation()
        .AddHttpClientInstrumentation()
        .AddRuntimeInstrumentation()
        .AddMeter(TelemetryNames.Meter, "Microsoft.Orleans");

    private static MetricStreamConfiguration? ExponentialBuckets(Instrument instrument) =>
        instrument.GetType() is { IsGenericType: true } type && type.GetGenericTypeDefinition() == typeof(Histogram<>)
            ? new Base2ExponentialBucketHistogramConfiguration()
            : null;
}
