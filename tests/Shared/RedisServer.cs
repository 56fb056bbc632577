using System.Net;
using System.Net.Sockets;
using Garnet;
using StackExchange.Redis;

namespace Platform.Tests;

/// <summary>A real server of the Redis protocol inside the test's process, empty at the start.</summary>
public sealed class RedisServer : IAsyncLifetime
{
    private GarnetServer? server;

    public string ConnectionString { get; private set; } = "";

    public IConnectionMultiplexer Connection { get; private set; } = null!;

    public async ValueTask InitializeAsync()
    {
        var port = FreePort();
        server = new GarnetServer(
        [
            "--bind", "127.0.0.1", "--port", $"{port}", "--lua", "--lua-transaction-mode", "--memory", "64m", "--index", "8m",
            "--device-type", "RandomAccess", "--logger-level", "Error",
        ]);
        server.Start();
        ConnectionString = $"127.0.0.1:{port}";
        Connection = await ConnectionMultiplexer.ConnectAsync(ConnectionString);
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
