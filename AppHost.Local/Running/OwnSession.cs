namespace Aspire.Hosting.Running;

/// <summary>Ctrl-C goes to every process of a terminal's foreground group at once. Children are put outside of it, so that
/// they end in order; the same process becomes the command, with its number and its exit code.</summary>
internal static class OwnSession
{
    // Linux has setsid; macOS has not, but has perl. Without either a child stays in the group.
    private const string Script = """
        if command -v setsid >/dev/null 2>&1; then exec setsid "$0" "$@"; fi
        if command -v perl >/dev/null 2>&1; then exec perl -e 'use POSIX; POSIX::setsid(); exec { $ARGV[0] } @ARGV or exit 127' "$0" "$@"; fi
        exec "$0" "$@"
        """;

    public static (string Command, IReadOnlyList<string> Arguments) Of(string command, IReadOnlyList<string> arguments) =>
        OperatingSystem.IsWindows() ? (command, arguments) : ("/bin/sh", ["-c", Script, command, .. arguments]);
}
