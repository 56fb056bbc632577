using System.Globalization;
using Microsoft.Extensions.Configuration;

namespace Aspire.Hosting.Running;

/// <summary>Where the volumes of the containers lie, and the record of what runs. It belongs to one AppHost at a time.</summary>
internal sealed class DataFolder(IConfiguration configuration, IDistributedApplicationBuilder builder) : IDisposable
{
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;

    private FileStream? held;

    public string Root { get; } = Path.GetFullPath(configuration["Data:Folder"] ?? ".data", builder.AppHostDirectory);

    public string RecordPath => Path.Combine(Root, "apphost.children");

    private string LockPath => Path.Combine(Root, "apphost.lock");

    // A locked file cannot be read by others, so its owner is named beside it.
    private string OwnerPath => Path.Combine(Root, "apphost.pid");

    /// <exception cref="DistributedApplicationException">Another AppHost has it.</exception>
    public void Hold()
    {
        CreatePrivate(Root);
        try
        {
            held = new FileStream(LockPath, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
        }
        catch (IOException e)
        {
            throw new DistributedApplicationException(
                $"The data folder {Root} is in use by another AppHost (process {ReadOwner()}). Stop it, or give this one a folder of its own: --Data:Folder PATH (environment: Data__Folder).", e);
        }

        File.WriteAllText(OwnerPath, Environment.ProcessId.ToString(CultureInfo.InvariantCulture));
    }

    public string Volume(string name)
    {
        var path = Path.Combine(Root, name);
        CreatePrivate(path);
        return path;
    }

    public void Dispose() => held?.Dispose();

    private static void CreatePrivate(string path)
    {
        if (OperatingSystem.IsWindows()) Directory.CreateDirectory(path);
        else Directory.CreateDirectory(path, OwnerOnly);
    }

    private string ReadOwner() => File.Exists(OwnerPath) ? File.ReadAllText(OwnerPath) : "unknown";
}
