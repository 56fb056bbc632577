using Microsoft.AspNetCore.Connections;
using Microsoft.Extensions.Options;
using Orleans.Configuration;
using Platform.ServiceDefaults.Access;

namespace Platform.Api;

internal static class ClusterClient
{
    /// <summary>The way to the grains, configured by the injected <c>Orleans__*</c> variables.</summary>
    public static IHostApplicationBuilder AddClusterClient(this IHostApplicationBuilder builder)
    {
        // A silo lets only those in who prove that they know the internal key.
        builder.Services.AddOptions<ClientConnectionOptions>().Configure<IOptions<InternalAccessOptions>>((connections, access) =>
            connections.ConfigureConnection(silo => silo.Use(new InternalHandshake(access.Value.InternalKey).Present)));
        builder.UseOrleansClient(client => client
            .Configure<GatewayOptions>(gateways => gateways.GatewayListRefreshPeriod = TimeSpan.FromSeconds(2))
            .Configure<ClientMessagingOptions>(messaging => messaging.ResponseTimeout = TimeSpan.FromSeconds(10))
            .UseConnectionRetryFilter<RetryUntilStopped>());
        return builder;
    }

    /// <summary>An Api that starts before a silo is there waits for it instead of dying.</summary>
    private sealed class RetryUntilStopped(TimeProvider clock) : IClientConnectionRetryFilter
    {
        private static readonly TimeSpan Period = TimeSpan.FromMilliseconds(500);

        public async Task<bool> ShouldRetryConnectionAttempt(Exception exception, CancellationToken cancellationToken)
        {
            await Task.Delay(Period, clock, cancellationToken);
            return true;
        }
    }
}
