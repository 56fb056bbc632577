using System.Net;
using Microsoft.AspNetCore.HttpOverrides;
using IPNetwork = System.Net.IPNetwork;

namespace Platform.Api.Conventions;

/// <summary>
/// Who called, when proxies stand between. A proxy's word counts only if its address is one of
/// <c>Forwarding:TrustedProxies</c> (addresses or networks such as 10.0.0.0/8); without any, nobody's does.
/// </summary>
internal static class Forwarding
{
    private const string Setting = "Forwarding:TrustedProxies";

    public static IApplicationBuilder UseForwarding(this WebApplication app)
    {
        if (app.Configuration.GetSection(Setting).Get<string[]>() is not { Length: > 0 } proxies) return app;
        var options = new ForwardedHeadersOptions { ForwardedHeaders = ForwardedHeaders.XForwardedFor, ForwardLimit = null };
        options.KnownProxies.Clear();
        options.KnownIPNetworks.Clear();
        foreach (var proxy in proxies) options.KnownIPNetworks.Add(Parse(proxy));
        return app.UseForwardedHeaders(options);
    }

    /// <exception cref="InvalidOperationException">The text is neither an address nor a network.</exception>
    public static IPNetwork Parse(string text)
    {
        if (IPNetwork.TryParse(text, out var network)) return network;
        return IPAddress.TryParse(text, out var address)
            ? new IPNetwork(address, address.GetAddressBytes().Length * 8)
            : throw new InvalidOperationException($"{Setting} has '{text}', which is neither an address nor a network such as 10.0.0.0/8.");
    }
}
