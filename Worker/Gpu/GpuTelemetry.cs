using System.Diagnostics.Metrics;
using Platform.ServiceDefaults;

namespace Platform.Worker.Gpu;

/// <summary>Tells of this machine's GPUs while the worker runs; says once where there are none.</summary>
internal sealed partial class GpuTelemetry(IMeterFactory meters, ILogger<GpuTelemetry> logger) : IHostedService, IDisposable
{
    private Nvml? nvml;

    public Task StartAsync(CancellationToken cancellationToken)
    {
        nvml = Nvml.TryOpen(out var reason);
        if (nvml is null)
        {
            LogNone(reason!);
            return Task.CompletedTask;
        }

        var meter = meters.Create(TelemetryNames.Meter);
        meter.CreateObservableGauge(
            TelemetryNames.GpuUtilization, () => Read(gpu => gpu.Utilization).Where(busy => !double.IsNaN(busy.Value)), "1", "Share of time in which a kernel ran.");
        meter.CreateObservableGauge(TelemetryNames.GpuMemoryUsage, () => Read(gpu => gpu.MemoryUsedBytes), "By", "GPU memory in use.");
        meter.CreateObservableGauge(TelemetryNames.GpuMemoryLimit, () => Read(gpu => gpu.MemoryBytes), "By", "GPU memory that is there.");
        LogFound(nvml.Read().Count);
        return Task.CompletedTask;
    }

    /// <summary>All GPUs that answer just now.</summary>
    public IReadOnlyList<GpuReading> Read() => nvml?.Read() ?? [];

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public void Dispose()
    {
        Interlocked.Exchange(ref nvml, null)?.Dispose();
    }

    private IEnumerable<Measurement<T>> Read<T>(Func<GpuReading, T> figure)
        where T : struct =>
        Read().Select(gpu => new Measurement<T>(
            figure(gpu), new(TelemetryNames.GpuIdTag, gpu.Id), new KeyValuePair<string, object?>(TelemetryNames.GpuNameTag, gpu.Name)));

    [LoggerMessage(LogLevel.Information, "No GPU is measured: {Reason}.")]
    private partial void LogNone(string reason);

    [LoggerMessage(LogLevel.Information, "{Count} GPUs are measured.")]
    private partial void LogFound(int count);
}
