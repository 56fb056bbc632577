using System.Globalization;

namespace Platform.AppHost.Garnet;

internal sealed record EngineSettings(int Port, string Folder, int ParentId, string? Password)
{
    public static EngineSettings Read(string[] args, string? password) =>
        new(int.Parse(Value(args, "--port"), CultureInfo.InvariantCulture),
            Value(args, "--folder"),
            int.Parse(Value(args, "--parent"), CultureInfo.InvariantCulture),
            password);

    /// <summary>Garnet's own switches. They stay inside this process, so the password is on no command line.</summary>
    public string[] ToArguments() =>
    [
        "--bind", "127.0.0.1", "--port", Port.ToString(CultureInfo.InvariantCulture), "-q",
        .. Password is null ? (string[])[] : ["--auth", "Password", "--password", Password],
        // The native device wants libaio; this one needs only .NET.
        "--device-type", "RandomAccess", "--reviv",
        // Without its transaction mode Garnet runs scripts of several connections into one another; Redis never does.
        "--lua", "--lua-transaction-mode",
        // An acknowledged write has been handed to the operating system: it survives kill -9 of this process.
        "--aof", "--aof-commit-freq", "0", "--aof-commit-wait", "--recover", "--fail-on-recovery-error",
        "--checkpointdir", Folder,
        // Data beyond the memory limit goes to files; without the tier it would be dropped.
        "--storage-tier", "--logdir", Folder, "--memory", "256m", "--page", "4m", "--segment", "64m", "--index", "4m",
        "--compaction-type", "Lookup", "--compaction-freq", "60", "--compaction-force-delete",
        "--aof-memory", "32m", "--aof-page-size", "16m", "--aof-segment-size", "64m",
        // A checkpoint replaces the log once it has grown to this.
        "--aof-size-limit", "128m",
        "--buffer-pool-memory-budget", "64m",
        "--max-databases", "1",
        // Waiting for the log holds a thread a connection; the pool must not grow one by one into that.
        "--minthreads", "128",
    ];

    private static string Value(string[] args, string name)
    {
        var index = Array.IndexOf(args, name);
        return index >= 0 && index + 1 < args.Length
            ? args[index + 1]
            : throw new ArgumentException($"{name} is missing. Garnet is started by AppHost.Local: --port N --folder F --parent PID.");
    }
}
