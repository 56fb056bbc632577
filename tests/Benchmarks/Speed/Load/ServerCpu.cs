using System.Diagnostics;

namespace Platform.Benchmarks.Speed.Load;

/// <summary>Processor time of the processes that serve.</summary>
internal sealed class ServerCpu(params int[] processes)
{
    public TimeSpan Total()
    {
        var total = TimeSpan.Zero;
        foreach (var id in processes)
        {
            using var process = Process.GetProcessById(id);
            total += process.TotalProcessorTime;
        }

        return total;
    }
}
