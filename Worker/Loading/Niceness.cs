using System.Runtime.InteropServices;

namespace Platform.Worker.Loading;

/// <summary>How far a thread yields to others. Linux knows it for each thread; elsewhere nothing happens.</summary>
internal static class Niceness
{
    private const int Process = 0;
    private const int ThisThread = 0;

    /// <summary>For a thread that ends afterwards: nobody without privileges can take it back.</summary>
    public static void Set(int niceness)
    {
        // A failure leaves the thread as pressing as it was, which costs others a little and breaks nothing.
        if (OperatingSystem.IsLinux() && niceness > 0) _ = SetPriority(Process, ThisThread, niceness);
    }

    [DllImport("libc", EntryPoint = "setpriority")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int SetPriority(int which, uint who, int priority);
}
