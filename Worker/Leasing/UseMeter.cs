using Platform.Core.Serving;
using Platform.Worker.Gpu;

namespace Platform.Worker.Leasing;

/// <summary>What this process used since it was last asked.</summary>
internal sealed class UseMeter(GpuTelemetry gpus, TimeProvider clock)
{
    private long askedAt = clock.GetTimestamp();
    private TimeSpan cpu = Environment.CpuUsage.TotalTime;
    private TimeSpan paused = GC.GetTotalPauseDuration();

    public ProcessUse Read()
    {
        var (elapsed, cpuNow, pausedNow) = (clock.GetElapsedTime(askedAt), Environment.CpuUsage.TotalTime, GC.GetTotalPauseDuration());
        var seconds = Math.Max(elapsed.TotalSeconds, 1e-3);
        var found = gpus.Read();
        var use = new ProcessUse(
            Round((cpuNow - cpu).TotalSeconds / seconds), Environment.WorkingSet, Round(Math.Min(1, (pausedNow - paused).TotalSeconds / seconds)),
            ThreadPool.PendingWorkItemCount,
            found.Count == 0 ? null : [.. found.Select(gpu => new GpuUse(gpu.Id, gpu.Name, double.IsNaN(gpu.Utilization) ? null : gpu.Utilization, gpu.MemoryUsedBytes, gpu.MemoryBytes))]);
        (askedAt, cpu, paused) = (clock.GetTimestamp(), cpuNow, pausedNow);
        return use;
    }

    private static double Round(double value) => Math.Round(value, 4);
}
