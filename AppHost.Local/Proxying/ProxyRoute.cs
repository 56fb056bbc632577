using System.Globalization;
using Aspire.Hosting.Running;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.AspNetCore.Server.Kestrel.Core.Features;
using Yarp.ReverseProxy.Forwarder;

namespace Aspire.Hosting.Proxying;

/// <summary>One endpoint: its replicas in turn. A request goes on in the protocol it came in, gRPC's HTTP/2 without TLS included.</summary>
internal sealed class ProxyRoute(ProxiedEndpoint endpoint, IReadOnlyList<Replica> replicas, IHttpForwarder forwarder)
{
    // Streams and long calls may be silent for as long as they like.
    private static readonly TimeSpan Patience = TimeSpan.FromHours(24);

    private static readonly ForwarderRequestConfig Http1 = new()
    {
        Version = System.Net.HttpVersion.Version11, VersionPolicy = HttpVersionPolicy.RequestVersionExact, ActivityTimeout = Patience,
    };

    private static readonly ForwarderRequestConfig Http2 = new()
    {
        Version = System.Net.HttpVersion.Version20, VersionPolicy = HttpVersionPolicy.RequestVersionExact, ActivityTimeout = Patience,
    };

    private static readonly HttpMessageInvoker Client = new(new SocketsHttpHandler
    {
        UseProxy = false,
        UseCookies = false,
        AllowAutoRedirect = false,
        AutomaticDecompression = System.Net.DecompressionMethods.None,
        // The trace context of the caller goes through as it is.
        ActivityHeadersPropagator = null,
        EnableMultipleHttp2Connections = true,
        ConnectTimeout = TimeSpan.FromSeconds(5),
    });

    /// <summary>
    /// The forwarder holds small pieces of an HTTP/1.1 body back until they are worth a packet, so the service does not
    /// even see a sender that is slower than this. Those of HTTP/2, gRPC's streams among them, go on at once.
    /// </summary>
    private static readonly MinDataRate SlowestSender = new(bytesPerSecond: 240, gracePeriod: TimeSpan.FromSeconds(5));

    private int turn;

    public async Task HandleAsync(HttpContext context)
    {
        if (Next() is not { } replica)
        {
            context.Response.StatusCode = StatusCodes.Status503ServiceUnavailable;
            context.Response.Headers.RetryAfter = "1";
            await context.Response.WriteAsync($"No replica of '{endpoint.Resource.Name}' is running.");
            return;
        }

        var address = string.Create(CultureInfo.InvariantCulture, $"{endpoint.Endpoint.UriScheme}://localhost:{replica.Ports[endpoint.Endpoint.Name]}/");
        var isHttp2 = HttpProtocol.IsHttp2(context.Request.Protocol);
        if (!isHttp2) context.Features.GetRequiredFeature<IHttpMinRequestBodyDataRateFeature>().MinDataRate = SlowestSender;
        await forwarder.SendAsync(context, address, Client, isHttp2 ? Http2 : Http1, SameHost.Transformer);
    }

    private Replica? Next()
    {
        var up = replicas.Where(replica => replica.IsHealthy).ToList();
        // Before the first check has answered, something that runs is better than nothing.
        if (up.Count == 0) up = [.. replicas.Where(replica => replica.IsRunning)];
        return up.Count == 0 ? null : up[(int)((uint)Interlocked.Increment(ref turn) % (uint)up.Count)];
    }
}
