using System.Globalization;
using System.Net;
using Garnet.server;
using Garnet.server.Auth.Settings;

namespace Platform.AppHost.Garnet;

internal sealed record EngineSettings(int Port, string Folder, int ParentId, string? Password)
{
    public static EngineSettings Read(string[] args, string? password) =>
        new(int.Parse(Value(args, "--port"), CultureInfo.InvariantCulture),
            Value(args, "--folder"),
            int.Parse(Value(args, "--parent"), CultureInfo.InvariantCulture),
            password);

    public GarnetServerOptions ToOptions() => new(null)
    {
        EndPoints = [new IPEndPoint(IPAddress.Loopback, Port)],
        AuthSettings = Password is null ? new NoAuthSettings() : new PasswordAuthenticationSettings(Password),
        QuietMode = true,
        DeviceFactoryCreator = new BufferedDevices(),
        RevivifiableFraction = 1,
        UseRevivBinsPowerOf2 = true,
        // Without its transaction mode Garnet runs scripts of several connections into one another; Redis never does.
        EnableLua = true,
        LuaTransactionMode = true,
        LuaOptions = new(null),
        // An acknowledged write has been handed to the operating system: it survives kill -9 of this process.
        EnableAOF = true,
        CommitFrequencyMs = 0,
        WaitForCommit = true,
        Recover = true,
        FailOnRecoveryError = true,
        CheckpointDir = Folder,
        // Data beyond the memory limit goes to files; without the tier it would be dropped.
        EnableStorageTier = true,
        LogDir = Folder,
        LogMemorySize = "256m",
        PageSize = "4m",
        SegmentSize = "64m",
        IndexMemorySize = "4m",
        CompactionType = LogCompactionType.Lookup,
        CompactionFrequencySecs = 60,
        CompactionForceDelete = true,
        AofMemorySize = "32m",
        AofPageSize = "16m",
        AofSegmentSize = "64m",
        // A checkpoint replaces the log once it has grown to this.
        AofSizeLimit = "128m",
        BufferPoolMemoryBudget = "64m",
        NetworkBufferPoolSize = "64m",
        NetworkBufferMemoryBudget = "1g",
        MaxDatabases = 1,
        // A session that waits holds a thread; the pool must not grow one by one into that.
        ThreadPoolMinThreads = 128,
    };

    private static string Value(string[] args, string name)
    {
        var index = Array.IndexOf(args, name);
        return index >= 0 && index + 1 < args.Length
            ? args[index + 1]
            : throw new ArgumentException($"{name} is missing. Garnet is started by AppHost.Local: --port N --folder F --parent PID.");
    }
}
