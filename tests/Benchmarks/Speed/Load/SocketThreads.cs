using System.Net;
using System.Net.Sockets;

namespace Platform.Benchmarks.Speed.Load;

/// <summary>
/// Has this process's sockets go on where the system reports them ready, on one thread, instead of by way of the pool:
/// a third of the processor time a request. Only before the first socket is used.
/// </summary>
internal static class SocketThreads
{
    private static readonly (string Name, string Value)[] Settings =
        [("DOTNET_SYSTEM_NET_SOCKETS_INLINE_COMPLETIONS", "1"), ("DOTNET_SYSTEM_NET_SOCKETS_THREAD_COUNT", "1")];

    public static async Task UseOneAsync()
    {
        foreach (var (name, value) in Settings) Environment.SetEnvironmentVariable(name, value);
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        using var caller = new TcpClient();
        var accepting = listener.AcceptTcpClientAsync();
        await caller.ConnectAsync((IPEndPoint)listener.LocalEndpoint);
        (await accepting).Dispose();
        // Not for the servers that are started from here.
        foreach (var (name, _) in Settings) Environment.SetEnvironmentVariable(name, null);
        await Task.Yield();
    }
}
