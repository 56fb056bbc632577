using System.Diagnostics;
using System.Diagnostics.Metrics;
using Platform.ServiceDefaults;

namespace Platform.Worker.Serving;

/// <summary>What the worker measures and traces.</summary>
internal sealed class WorkerTelemetry : IDisposable
{
    public static readonly ActivitySource Source = new(TelemetryNames.Source);
    private readonly Meter meter;
    private readonly Histogram<double> runDuration;
    private readonly Counter<long> providerFallbacks;

    public WorkerTelemetry(IMeterFactory meters, ServedVersions versions)
    {
        meter = meters.Create(TelemetryNames.Meter);
        runDuration = meter.CreateHistogram<double>(TelemetryNames.RunDuration, "s", "Time in the model, a run.");
        providerFallbacks = meter.CreateCounter<long>(TelemetryNames.ProviderFallbacks, "{load}", "Loads that wanted an accelerator "
            + "and got the CPU.");
        meter.CreateObservableGauge(TelemetryNames.VersionsLoaded, () => versions.Count, "{version}", "Versions that can be reached.");
    }

    public void Ran(ServedVersion version, TimeSpan duration) => runDuration.Record(duration.TotalSeconds, version.Tags);

    public void FellBack(string model, string version) => providerFallbacks.Add(
        1, new TagList { { TelemetryNames.ModelTag, model }, { TelemetryNames.VersionTag, version } });

    public void Dispose() => meter.Dispose();
}
