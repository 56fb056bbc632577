using System.Diagnostics;
using System.Globalization;

namespace Aspire.Hosting.Running;

/// <summary>A process so named that another one which got its number later is not taken for it.</summary>
internal sealed record ChildIdentity(int ProcessId, string StartedAt, string Command)
{
    public static ChildIdentity Of(int processId, string command) => new(processId, StartOf(processId) ?? "", Path.GetFileName(command));

    public bool IsStillRunning => StartedAt.Length > 0 && StartOf(ProcessId) == StartedAt && NameOf(ProcessId) is { } name
        // Systems cut a process's name to 15 characters or so.
        && Command.StartsWith(name, StringComparison.OrdinalIgnoreCase);

    public static ChildIdentity? Parse(string line) =>
        line.Split('\t') is [var id, var startedAt, var command] && int.TryParse(id, CultureInfo.InvariantCulture, out var processId)
            ? new(processId, startedAt, command)
            : null;

    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{ProcessId}\t{StartedAt}\t{Command}");

    private static string? NameOf(int processId)
    {
        try
        {
            using var process = Process.GetProcessById(processId);
            return process.ProcessName;
        }
        catch (Exception e) when (e is ArgumentException or InvalidOperationException)
        {
            return null;
        }
    }

    /// <summary>On Linux in clock ticks since boot, which no change of the clock moves; elsewhere as a time.</summary>
    private static string? StartOf(int processId)
    {
        try
        {
            if (OperatingSystem.IsLinux())
            {
                var stat = File.ReadAllText($"/proc/{processId}/stat");
                // The name in parentheses may hold anything; the fields after it do not.
                var fields = stat[(stat.LastIndexOf(')') + 2)..].Split(' ');
                return fields[0] is "Z" or "X" ? null : fields[19];
            }

            using var process = Process.GetProcessById(processId);
            return process.StartTime.ToUniversalTime().ToString("yyyy-MM-ddTHH:mm:ss", CultureInfo.InvariantCulture);
        }
        catch (Exception e) when (e is ArgumentException or InvalidOperationException or IOException or System.ComponentModel.Win32Exception)
        {
            // There is no such process, or none that this user may look at.
            return null;
        }
    }
}
