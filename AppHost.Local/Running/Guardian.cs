using System.Diagnostics;
using System.Globalization;

namespace Aspire.Hosting.Running;

/// <summary>A shell that reads from the AppHost. When the AppHost dies, even by kill -9, the pipe ends, and the shell
/// stops the children that it was told of: SIGTERM, and five seconds later SIGKILL.</summary>
internal sealed class Guardian : IDisposable
{
    private const string Script = """
        trap '' INT TERM HUP
        pids=' '
        while read -r what pid; do
          case $what in
            watch) pids="$pids$pid " ;;
            forget) pids="${pids%% $pid *} ${pids#* $pid }" ;;
          esac
        done
        alive() { for pid in $pids; do kill -0 "$pid" 2>/dev/null && return 0; done; return 1; }
        for pid in $pids; do kill -TERM "$pid" 2>/dev/null; done
        for second in 1 2 3 4 5; do alive || exit 0; sleep 1; done
        for pid in $pids; do kill -KILL "$pid" 2>/dev/null; done
        """;

    private readonly Lock gate = new();
    private Process? shell;

    public void Watch(int processId) => Tell("watch", processId);

    public void Forget(int processId) => Tell("forget", processId);

    /// <summary>Ends the pipe. By now every child has ended and been forgotten.</summary>
    public void Dispose()
    {
        lock (gate)
        {
            shell?.StandardInput.Dispose();
            shell?.Dispose();
            shell = null;
        }
    }

    private static Process Start()
    {
        var (command, arguments) = OwnSession.Of("/bin/sh", ["-c", Script]);
        return Process.Start(new ProcessStartInfo(command, arguments) { RedirectStandardInput = true })!;
    }

    private void Tell(string what, int processId)
    {
        if (OperatingSystem.IsWindows()) return;
        lock (gate)
        {
            shell ??= Start();
            try
            {
                shell.StandardInput.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{what} {processId}"));
                shell.StandardInput.Flush();
            }
            catch (IOException)
            {
                // Somebody has killed the shell. The record in the data folder remains.
            }
        }
    }
}
