using System.Globalization;
using System.Net;
using System.Net.NetworkInformation;
using System.Net.Sockets;
using System.Security.Cryptography;

namespace Aspire.Hosting.Running;

/// <summary>Ports that nobody uses, also not an AppHost that starts at the same moment: each is held by a locked file.</summary>
internal sealed class FreePorts : IDisposable
{
    // Below what systems hand out for outgoing connections, so that none of those sits on a port in the meantime.
    private const int Lowest = 20000;
    private const int Highest = 32000;

    private static readonly string Folder = Path.Combine(Path.GetTempPath(), $"apphost-ports-{Environment.UserName}");

    private readonly List<FileStream> held = [];

    public static bool IsFree(int port)
    {
        if (IPGlobalProperties.GetIPGlobalProperties().GetActiveTcpListeners().Any(listener => listener.Port == port)) return false;
        try
        {
            using var listener = new TcpListener(IPAddress.Loopback, port);
            listener.Start();
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }

    public int Take()
    {
        Directory.CreateDirectory(Folder);
        for (var tries = 0; tries < 1000; tries++)
        {
            var port = RandomNumberGenerator.GetInt32(Lowest, Highest);
            if (TryHold(port) && IsFree(port)) return port;
        }

        throw new DistributedApplicationException($"No free port was found between {Lowest} and {Highest}.");
    }

    public void Dispose()
    {
        foreach (var file in held) file.Dispose();
        held.Clear();
    }

    private bool TryHold(int port)
    {
        try
        {
            var path = Path.Combine(Folder, port.ToString(CultureInfo.InvariantCulture));
            held.Add(new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None, 1, FileOptions.DeleteOnClose));
            return true;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // Another AppHost holds it.
            return false;
        }
    }
}
