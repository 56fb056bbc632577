using System.Net;
using Microsoft.AspNetCore.Connections;
using Microsoft.Extensions.Options;
using Orleans.Configuration;
using Platform.ServiceDefaults.Access;
using Platform.Silo.Storage;

namespace Platform.Silo;

internal static class Clustering
{
    /// <summary>
    /// Orleans, its providers configured by the injected <c>Orleans__*</c> variables. The times are short so that a
    /// silo that died is noticed in seconds, and one whose entry was left behind by a kill does not hold up a start.
    /// </summary>
    public static IHostApplicationBuilder AddSilo(this IHostApplicationBuilder builder)
    {
        builder.Services.AddOptions<SiloConnectionOptions>()
            .Configure<IOptions<InternalAccessOptions>>((connections, access) => AskForKey(connections, access.Value));
        builder.UseOrleans(silo => silo
            .Configure<EndpointOptions>(endpoints => ListenWhereHttpDoes(endpoints, builder.Configuration["URLS"]))
            .AddIncomingGrainCallFilter<StorageFaultFilter>()
            .Configure<ClusterMembershipOptions>(membership =>
            {
                membership.ProbeTimeout = TimeSpan.FromSeconds(1);
                membership.NumMissedProbesLimit = 3;
                membership.TableRefreshTimeout = TimeSpan.FromSeconds(5);
                membership.IAmAliveTablePublishTimeout = TimeSpan.FromSeconds(2);
                membership.NumMissedTableIAmAliveLimit = 2;
                membership.DefunctSiloCleanupPeriod = TimeSpan.FromMinutes(5);
                membership.DefunctSiloExpiration = TimeSpan.FromHours(1);
            })
            .Configure<GrainCollectionOptions>(collection => collection.CollectionAge = TimeSpan.FromMinutes(30)));
        return builder;
    }

    /// <summary>Silos and Apis prove that they know the internal key before Orleans hears of them.</summary>
    private static void AskForKey(SiloConnectionOptions connections, InternalAccessOptions access)
    {
        var handshake = new InternalHandshake(access.InternalKey);
        connections.ConfigureGatewayInboundConnection(gateway => gateway.Use(handshake.Accept));
        connections.ConfigureSiloInboundConnection(silo => silo.Use(handshake.Accept));
        connections.ConfigureSiloOutboundConnection(silo => silo.Use(handshake.Present));
    }

    /// <summary>Orleans has no keys of its own, so a silo whose HTTP stays on this machine keeps its ports here as well.</summary>
    private static void ListenWhereHttpDoes(EndpointOptions endpoints, string? urls)
    {
        if (urls?.Split(';').All(url => new Uri(url).IsLoopback) is not true) return;
        endpoints.AdvertisedIPAddress = IPAddress.Loopback;
        endpoints.SiloListeningEndpoint = new IPEndPoint(IPAddress.Loopback, endpoints.SiloPort);
        endpoints.GatewayListeningEndpoint = new IPEndPoint(IPAddress.Loopback, endpoints.GatewayPort);
    }
}
