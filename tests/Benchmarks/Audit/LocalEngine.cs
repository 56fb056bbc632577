using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using StackExchange.Redis;

namespace Platform.Benchmarks.Audit;

/// <summary>The local Redis as AppHost starts it, with data of its own.</summary>
internal sealed class LocalEngine : IAsyncDisposable
{
    private readonly Process process;
    private readonly DirectoryInfo folder;

    private LocalEngine(Process process, DirectoryInfo folder, IConnectionMultiplexer connection) =>
        (this.process, this.folder, Connection) = (process, folder, connection);

    public IConnectionMultiplexer Connection { get; }

    public static async Task<LocalEngine> StartAsync()
    {
        var folder = Directory.CreateTempSubdirectory("platform-audit-");
        var port = FreePort().ToString(CultureInfo.InvariantCulture);
        var process = Process.Start("dotnet",
        [
            typeof(LocalEngine).Assembly.GetCustomAttributes(typeof(System.Reflection.AssemblyMetadataAttribute), false)
                .Cast<System.Reflection.AssemblyMetadataAttribute>().Single(attribute => attribute.Key == "GarnetPath").Value!,
            "--port", port, "--folder", folder.FullName, "--parent", Environment.ProcessId.ToString(CultureInfo.InvariantCulture),
        ]);
        var options = ConfigurationOptions.Parse($"127.0.0.1:{port}");
        (options.AbortOnConnectFail, options.ConnectTimeout) = (false, 20_000);
        var connection = await ConnectionMultiplexer.ConnectAsync(options);
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(100));
        while (!connection.IsConnected) await timer.WaitForNextTickAsync();
        return new LocalEngine(process, folder, connection);
    }

    public async ValueTask DisposeAsync()
    {
        await Connection.DisposeAsync();
        process.Kill();
        await process.WaitForExitAsync();
        process.Dispose();
        folder.Delete(recursive: true);
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
