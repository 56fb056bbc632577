using Microsoft.AspNetCore.Server.Kestrel.Transport.Sockets;
using Microsoft.Extensions.DependencyInjection;

namespace Platform.ServiceDefaults;

/// <summary>How the HTTP server uses its sockets.</summary>
internal static class Sockets
{
    private const string Section = "Sockets";

    /// <summary>
    /// A request goes on where its bytes were read, on the same thread of the pool, instead of by way of its queue twice.
    /// Nothing of ours blocks there for longer than a model runs, and the next bytes find another thread. Settings under
    /// <c>Sockets</c> change it.
    /// </summary>
    public static IServiceCollection AddSockets(this IServiceCollection services)
    {
        services.AddOptions<SocketTransportOptions>().Configure(sockets => sockets.UnsafePreferInlineScheduling = true).BindConfiguration(Section);
        return services;
    }
}
