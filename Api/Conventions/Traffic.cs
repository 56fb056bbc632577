using Microsoft.AspNetCore.Http.Json;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.Options;

namespace Platform.Api.Conventions;

/// <summary>Bounds what connections, headers and bodies may cost, in bytes and in time.</summary>
internal static class Traffic
{
    public static IServiceCollection AddTraffic(this IServiceCollection services)
    {
        services.AddOptions<TrafficOptions>().BindConfiguration(TrafficOptions.Section).ValidateDataAnnotations().ValidateOnStart();
        services.AddOptions<KestrelServerOptions>().Configure<IOptions<TrafficOptions>>((kestrel, traffic) => Bound(kestrel, traffic.Value));
        services.AddOptions<JsonOptions>().Configure<IOptions<TrafficOptions>>((json, traffic) => json.SerializerOptions.MaxDepth = traffic.Value.MaxJsonDepth);
        return services;
    }

    private static void Bound(KestrelServerOptions kestrel, TrafficOptions traffic)
    {
        // What serves this is nobody's business.
        kestrel.AddServerHeader = false;
        var limits = kestrel.Limits;
        limits.MaxConcurrentConnections = traffic.MaxConnections;
        limits.MaxConcurrentUpgradedConnections = traffic.MaxConnections;
        limits.RequestHeadersTimeout = traffic.HeadersTimeout;
        limits.KeepAliveTimeout = traffic.IdleTimeout;
        limits.MinRequestBodyDataRate = new(traffic.MinRequestBytesPerSecond, traffic.SlowGrace);
        limits.MinResponseDataRate = new(traffic.MinAnswerBytesPerSecond, traffic.SlowGrace);
        limits.MaxRequestHeadersTotalSize = traffic.MaxHeaderBytes;
        limits.MaxRequestHeaderCount = traffic.MaxHeaders;
        limits.MaxRequestLineSize = traffic.MaxRequestLineBytes;
        limits.MaxRequestBodySize = traffic.MaxBodyBytes;
        limits.Http2.MaxStreamsPerConnection = traffic.MaxStreamsPerConnection;
    }
}
