using System.Net.Sockets;
using Aspire.Hosting.Running;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Yarp.ReverseProxy.Forwarder;

namespace Aspire.Hosting.Proxying;

/// <summary>Holds the public ports and hands each request on to a replica that is up.</summary>
internal sealed class ProxyServer(PortPlan plan, ReplicaSet replicas) : IAsyncDisposable
{
    private WebApplication? server;

    public async Task StartAsync(CancellationToken cancellationToken)
    {
        if (plan.Proxied.Count == 0) return;
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.Services.AddHttpForwarder();
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            Unlimit(kestrel.Limits);
            foreach (var endpoint in plan.Proxied)
            {
                kestrel.Listen(new SniffedEndPoint(endpoint.Port, isHttp2: false), listen => listen.Protocols = HttpProtocols.Http1);
                kestrel.Listen(new SniffedEndPoint(endpoint.Port, isHttp2: true), listen => listen.Protocols = HttpProtocols.Http2);
            }
        });
        builder.Services.AddSingleton<IConnectionListenerFactory, SniffingTransport>();
        server = builder.Build();
        var forwarder = server.Services.GetRequiredService<IHttpForwarder>();
        var routes = plan.Proxied.ToDictionary(endpoint => endpoint.Port, endpoint => new ProxyRoute(endpoint, replicas.Of(endpoint.Resource), forwarder));
        server.Run(context => routes[context.Connection.LocalPort].HandleAsync(context));
        try
        {
            await server.StartAsync(cancellationToken);
        }
        catch (Exception e) when (e is IOException or SocketException or AddressInUseException)
        {
            throw new DistributedApplicationException($"A public port was taken in the meantime: {e.Message}", e);
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (server is null) return;
        // Whoever still waits for an answer will not get one: the replicas have been stopped.
        using var now = new CancellationTokenSource(TimeSpan.Zero);
        await server.StopAsync(now.Token);
        await server.DisposeAsync();
    }

    /// <summary>What a request may be is for the replica to say.</summary>
    private static void Unlimit(KestrelServerLimits limits)
    {
        limits.MaxRequestBodySize = null;
        limits.MinRequestBodyDataRate = null;
        limits.MinResponseDataRate = null;
        limits.MaxRequestHeadersTotalSize = 256 * 1024;
        limits.MaxRequestLineSize = 64 * 1024;
        limits.KeepAliveTimeout = TimeSpan.FromHours(1);
        limits.Http2.MaxStreamsPerConnection = 1000;
        limits.Http2.InitialConnectionWindowSize = 8 * 1024 * 1024;
        limits.Http2.InitialStreamWindowSize = 4 * 1024 * 1024;
    }
}
