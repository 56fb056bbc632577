using System.Net;
using System.Net.Sockets;
using Garnet;
using StackExchange.Redis;

namespace Platform.Tests;

/// <summary>A real server of the Redis protocol inside the test's process, empty at the start.</summary>
public sealed class RedisServer : IAsyncLifetime
{
    private GarnetServer? server;
    private int port;

    public string ConnectionString { get; private set; } = "";

    public IConnectionMultiplexer Connection { get; private set; } = null!;

    public async ValueTask InitializeAsync()
    {
        port = FreePort();
        Start();
        ConnectionString = $"127.0.0.1:{port}";
        Connection = await ConnectionMultiplexer.ConnectAsync(ConnectionString);
    }

    /// <summary>Starts it, empty, where it was. Its connection finds it again by itself.</summary>
    public void Start()
    {
        server = new GarnetServer(
        [
            "--bind", "127.0.0.1", "--port", $"{port}", "--lua", "--lua-transaction-mode", "--memory", "64m", "--index", "8m",
            "--device-type", "RandomAccess", "--logger-level", "Error",
        ]);
        server.Start();
    }

    /// <summary>As if it had died: connections break, data is gone.</summary>
    public void Stop()
    {
        server?.Dispose();
        server = null;
    }

    public async ValueTask DisposeAsync()
    {
        await Connection.DisposeAsync();
        server?.Dispose();
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
