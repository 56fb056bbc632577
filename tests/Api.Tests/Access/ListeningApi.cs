using System.Net;
using System.Net.Sockets;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.Extensions.DependencyInjection;
using Platform.Tests;

namespace Platform.Api.Tests.Access;

/// <summary>The Api on real ports.</summary>
internal sealed class ListeningApi : IDisposable
{
    private readonly ApiHost host;

    public ListeningApi(RedisServer redis, params (string Key, string Value)[] settings)
    {
        Port = FreePort();
        host = new ApiHost(redis, [("urls", $"http://127.0.0.1:{Port}"), .. settings]);
        host.UseKestrel();
        host.StartServer();
    }

    /// <summary>Of the first address, unless the settings gave others.</summary>
    public int Port { get; }

    public IEnumerable<string> Addresses => host.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses;

    public static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    public void Dispose() => host.Dispose();
}
