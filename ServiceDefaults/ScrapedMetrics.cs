using OpenTelemetry;
using OpenTelemetry.Metrics;

namespace Platform.ServiceDefaults;

/// <summary>
/// The metrics as Prometheus scrapes them: a provider of its own, because its text has histograms with fixed buckets only
/// while OTLP's grow with the values.
/// </summary>
internal sealed class ScrapedMetrics : IDisposable
{
    public MeterProvider Provider { get; } = Sdk.CreateMeterProviderBuilder().AddMeters().AddPrometheusExporter().Build();

    public void Dispose() => Provider.Dispose();
}
