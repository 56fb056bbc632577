using System.Net;
using System.Net.Sockets;
using Garnet;
using StackExchange.Redis;

namespace Platform.Benchmarks;

/// <summary>The server that AppHost runs locally, inside this process and empty.</summary>
internal sealed class LocalRedis : IAsyncDisposable
{
    private readonly GarnetServer server;

    private LocalRedis(GarnetServer server, IConnectionMultiplexer connection) => (this.server, Connection) = (server, connection);

    public IConnectionMultiplexer Connection { get; }

    public static async Task<LocalRedis> StartAsync()
    {
        using var probe = new TcpListener(IPAddress.Loopback, 0);
        probe.Start();
        var port = ((IPEndPoint)probe.LocalEndpoint).Port;
        probe.Stop();
        var server = new GarnetServer(
        [
            "--bind", "127.0.0.1", "--port", $"{port}", "--lua", "--lua-transaction-mode", "--memory", "1g", "--index", "64m",
            "--device-type", "RandomAccess", "--logger-level", "Error",
        ]);
        server.Start();
        return new LocalRedis(server, await ConnectionMultiplexer.ConnectAsync($"127.0.0.1:{port}"));
    }

    public async ValueTask DisposeAsync()
    {
        await Connection.DisposeAsync();
        server.Dispose();
    }
}
