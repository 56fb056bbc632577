using System.Diagnostics;
using System.Globalization;
using System.Runtime.InteropServices;

namespace Aspire.Hosting.Running;

internal static partial class Signals
{
    private const int SigKill = 9;
    private const int SigTerm = 15;

    private static readonly Dictionary<int, string> Names = new()
    {
        [1] = "SIGHUP", [2] = "SIGINT", [3] = "SIGQUIT", [4] = "SIGILL", [6] = "SIGABRT", [8] = "SIGFPE", [9] = "SIGKILL",
        [11] = "SIGSEGV", [13] = "SIGPIPE", [15] = "SIGTERM",
    };

    /// <summary>Asks a child, and what it has started, to end. False where there are no signals; the caller then asks in another way.</summary>
    public static bool TryTerminate(int processId)
    {
        if (OperatingSystem.IsWindows()) return false;
        Send(processId, SigTerm);
        return true;
    }

    /// <summary>Ends what a child that has ended itself has started and left behind.</summary>
    public static void KillRemains(int processId)
    {
        if (!OperatingSystem.IsWindows()) _ = Kill(-processId, SigKill);
    }

    /// <summary>Ends a child and all that it has started.</summary>
    public static void KillTree(int processId)
    {
        if (!OperatingSystem.IsWindows())
        {
            Send(processId, SigKill);
            return;
        }

        try
        {
            using var process = Process.GetProcessById(processId);
            process.Kill(entireProcessTree: true);
        }
        catch (Exception e) when (e is ArgumentException or InvalidOperationException)
        {
            // It has ended by itself in the meantime.
        }
    }

    /// <summary>An exit code above 128 is a signal, by the custom of shells that .NET follows.</summary>
    public static string Describe(int exitCode) => exitCode > 128 && Names.TryGetValue(exitCode - 128, out var name)
        ? string.Create(CultureInfo.InvariantCulture, $"by {name} (exit code {exitCode})")
        : string.Create(CultureInfo.InvariantCulture, $"with exit code {exitCode}");

    /// <summary>A child leads a group of its own; where it could not be given one, the signal goes to it alone.</summary>
    private static void Send(int processId, int signal)
    {
        if (Kill(-processId, signal) != 0) _ = Kill(processId, signal);
    }

    [LibraryImport("libc", EntryPoint = "kill")]
    private static partial int Kill(int processId, int signal);
}
