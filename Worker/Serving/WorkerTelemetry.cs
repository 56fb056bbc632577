using System.Diagnostics;
using System.Diagnostics.Metrics;
using Platform.Core.Protection;
using Platform.ServiceDefaults;
using Platform.SharedState.Metrics;

namespace Platform.Worker.Serving;

/// <summary>What the worker measures and traces.</summary>
internal sealed class WorkerTelemetry : IDisposable
{
    public static readonly ActivitySource Source = new(TelemetryNames.Source);
    private readonly Meter meter;
    private readonly Histogram<double> runDuration;
    private readonly Histogram<double> queueDuration;
    private readonly Histogram<int> batchSize;
    private readonly Counter<long> providerFallbacks;
    private readonly Counter<long> findings;
    private readonly Counter<long> squeezingDropped;

    public WorkerTelemetry(IMeterFactory meters, ServedVersions versions, WorkerState state, MetricRecorder recorder)
    {
        meter = meters.Create(TelemetryNames.Meter);
        runDuration = meter.CreateHistogram(TelemetryNames.RunDuration, "s", "Time in the model, a run.", advice: Buckets.Seconds);
        queueDuration = meter.CreateHistogram(
            TelemetryNames.QueueDuration, "s", "From a request's arrival at the queue to its first run.", advice: Buckets.Seconds);
        batchSize = meter.CreateHistogram(TelemetryNames.BatchSize, "{item}", "Items in a run.", advice: Buckets.Items);
        providerFallbacks = meter.CreateCounter<long>(TelemetryNames.ProviderFallbacks, "{load}", "Loads that wanted an accelerator "
            + "and got the CPU.");
        findings = meter.CreateCounter<long>(TelemetryNames.ProtectionFindings, "{request}", "Requests that input checks found something against.");
        squeezingDropped = meter.CreateCounter<long>(TelemetryNames.ProtectionDropped, "{request}", "Requests that could not be squeezed.");
        meter.CreateObservableGauge(TelemetryNames.VersionsLoaded, () => versions.Count, "{version}", "Versions that can be reached.");
        meter.CreateObservableGauge(TelemetryNames.QueueDepth, () => state.Outstanding, "{request}", "Requests waiting or running.");
        meter.CreateObservableCounter(TelemetryNames.CountsLost, () => recorder.Lost, "{request}", "Counts that could not be kept.");
    }

    public void Ran(ServedVersion version, int items, TimeSpan duration)
    {
        runDuration.Record(duration.TotalSeconds, version.Tags);
        batchSize.Record(items, version.Tags);
    }

    public void Waited(ServedVersion version, TimeSpan duration) => queueDuration.Record(duration.TotalSeconds, version.Tags);

    public void Found(ServedVersion version, ProtectionReason reason, ProtectionMode mode) => findings.Add(1, new TagList
    {
        { TelemetryNames.ModelTag, version.Id.Model },
        { TelemetryNames.VersionTag, version.Id.Version },
        { TelemetryNames.ReasonTag, reason.ToName() },
        { TelemetryNames.ModeTag, mode is ProtectionMode.Enforce ? "enforce" : "observe" },
    });

    public void SqueezingDropped(ServedVersion version) => squeezingDropped.Add(1, version.Tags);

    public void FellBack(string model, string version) => providerFallbacks.Add(
        1, new TagList { { TelemetryNames.ModelTag, model }, { TelemetryNames.VersionTag, version } });

    public void Dispose() => meter.Dispose();
}
