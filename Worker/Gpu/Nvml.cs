using System.Runtime.InteropServices;
using System.Text;

namespace Platform.Worker.Gpu;

/// <summary>How one GPU is doing.</summary>
/// <param name="Utilization">Share of the last moment in which a kernel ran, 0 to 1.</param>
internal readonly record struct GpuReading(string Id, string Name, double Utilization, long MemoryUsedBytes, long MemoryBytes);

/// <summary>
/// NVIDIA's management library, which comes with the driver; found while the process runs, so that one build serves
/// machines with a GPU and without.
/// </summary>
internal sealed unsafe class Nvml : IDisposable
{
    private const int Success = 0;
    private const int TextBytes = 96;
    private static readonly string[] FileNames = OperatingSystem.IsWindows() ? ["nvml.dll"] : ["libnvidia-ml.so.1", "libnvidia-ml.so"];

    private readonly nint library;
    private readonly delegate* unmanaged<nint, Utilization*, int> getUtilization;
    private readonly delegate* unmanaged<nint, Memory*, int> getMemory;
    private readonly (nint Handle, string Id, string Name)[] devices;

    private Nvml(nint library)
    {
        this.library = library;
        getUtilization = (delegate* unmanaged<nint, Utilization*, int>)Find("nvmlDeviceGetUtilizationRates");
        getMemory = (delegate* unmanaged<nint, Memory*, int>)Find("nvmlDeviceGetMemoryInfo");
        Check(((delegate* unmanaged<int>)Find("nvmlInit_v2"))());
        devices = FindDevices();
    }

    /// <summary>Opens the library; null with the reason where there is none, or no GPU that it could tell of.</summary>
    public static Nvml? TryOpen(out string? reason)
    {
        reason = "there is no NVIDIA driver";
        foreach (var name in FileNames)
        {
            if (!NativeLibrary.TryLoad(name, out var library)) continue;
            try
            {
                reason = null;
                return new Nvml(library);
            }
            catch (Exception e) when (e is InvalidOperationException or EntryPointNotFoundException)
            {
                NativeLibrary.Free(library);
                reason = e.Message;
                return null;
            }
        }

        return null;
    }

    /// <summary>All GPUs that answer just now.</summary>
    public IReadOnlyList<GpuReading> Read()
    {
        var readings = new List<GpuReading>(devices.Length);
        foreach (var (handle, id, name) in devices)
        {
            Utilization utilization;
            Memory memory;
            // A GPU that is divided among several tells its memory, and no utilization of the whole.
            var busy = getUtilization(handle, &utilization) == Success ? utilization.Gpu / 100.0 : double.NaN;
            if (getMemory(handle, &memory) == Success) readings.Add(new(id, name, busy, (long)memory.Used, (long)memory.Total));
        }

        return readings;
    }

    public void Dispose()
    {
        ((delegate* unmanaged<int>)Find("nvmlShutdown"))();
        NativeLibrary.Free(library);
    }

    private (nint Handle, string Id, string Name)[] FindDevices()
    {
        uint count;
        Check(((delegate* unmanaged<uint*, int>)Find("nvmlDeviceGetCount_v2"))(&count));
        var byIndex = (delegate* unmanaged<uint, nint*, int>)Find("nvmlDeviceGetHandleByIndex_v2");
        var (name, id) = (Find("nvmlDeviceGetName"), Find("nvmlDeviceGetUUID"));
        var found = new (nint, string, string)[count];
        for (var i = 0u; i < count; i++)
        {
            nint handle;
            Check(byIndex(i, &handle));
            found[i] = (handle, Text(id, handle), Text(name, handle));
        }

        return found;
    }

    private static string Text(nint function, nint device)
    {
        var bytes = stackalloc byte[TextBytes];
        Check(((delegate* unmanaged<nint, byte*, uint, int>)function)(device, bytes, TextBytes));
        return Encoding.UTF8.GetString(MemoryMarshal.CreateReadOnlySpanFromNullTerminated(bytes));
    }

    private nint Find(string function) => NativeLibrary.GetExport(library, function);

    private static void Check(int status)
    {
        if (status != Success) throw new InvalidOperationException($"NVML answered with error {status}");
    }

    [StructLayout(LayoutKind.Sequential)]
    private struct Utilization
    {
        public uint Gpu;
        public uint MemoryBus;
    }

    [StructLayout(LayoutKind.Sequential)]
    private struct Memory
    {
        public ulong Total;
        public ulong Free;
        public ulong Used;
    }
}
