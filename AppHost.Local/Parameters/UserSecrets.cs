using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.Extensions.Configuration.UserSecrets;

namespace Aspire.Hosting.Parameters;

/// <summary>The user secrets file of the AppHost, written so that two AppHosts starting at once lose nothing of each other.</summary>
internal sealed class UserSecrets(string? id)
{
    private static readonly NamedWaitHandleOptions OfThisUser = new() { CurrentUserOnly = true, CurrentSessionOnly = false };
    private static readonly JsonSerializerOptions Indented = new() { WriteIndented = true };

    public string? FilePath { get; } = id is null ? null : PathHelper.GetSecretsPathFromSecretsId(id);

    /// <summary>What another AppHost has kept in the meantime wins over a new value.</summary>
    public string GetOrAdd(string key, Func<string> generate)
    {
        if (FilePath is null) return generate();
        using var oneAtATime = new Mutex(initiallyOwned: false, $"platform-user-secrets-{id}", OfThisUser);
        Acquire(oneAtATime);
        try
        {
            var secrets = Load(FilePath);
            if (secrets[key]?.GetValue<string>() is { Length: > 0 } kept) return kept;
            var value = generate();
            secrets[key] = value;
            Save(FilePath, secrets);
            return value;
        }
        finally
        {
            oneAtATime.ReleaseMutex();
        }
    }

    private static void Acquire(Mutex mutex)
    {
        try
        {
            mutex.WaitOne();
        }
        catch (AbandonedMutexException)
        {
            // Its owner was killed while writing; the file is replaced whole, so it is the old or the new one.
        }
    }

    private static JsonObject Load(string path) =>
        File.Exists(path) && JsonNode.Parse(File.ReadAllText(path)) is JsonObject secrets ? secrets : [];

    private static void Save(string path, JsonObject secrets)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        var options = new FileStreamOptions { Mode = FileMode.Create, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows()) options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        var next = $"{path}.{Environment.ProcessId}.tmp";
        using (var writer = new StreamWriter(next, options)) writer.Write(secrets.ToJsonString(Indented));
        File.Move(next, path, overwrite: true);
    }
}
