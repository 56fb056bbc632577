using System.Runtime.InteropServices;

namespace Platform.Worker.Onnx;

/// <summary>The C library's heap, in which the runtime keeps its models.</summary>
internal static class NativeHeap
{
    private static bool isMissing = !OperatingSystem.IsLinux();

    /// <summary>Gives freed memory back to the machine; glibc would keep much of it for models to come.</summary>
    public static void Trim()
    {
        if (isMissing) return;
        try
        {
            _ = MallocTrim(0);
        }
        catch (EntryPointNotFoundException)
        {
            // Other C libraries, such as musl, give memory back by themselves.
            isMissing = true;
        }
    }

    [DllImport("libc", EntryPoint = "malloc_trim")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int MallocTrim(nuint pad);
}
