using System.Net;
using System.Net.NetworkInformation;
using System.Net.Sockets;

namespace Platform.Worker.Leasing;

/// <summary>Turns what the server listens on into what others can call.</summary>
internal static class AdvertisedAddress
{
    /// <param name="bound">What the server says: "http://[::]:8080", "http://+:80", "http://127.0.0.1:43121".</param>
    /// <param name="machine">The machine's own address, used where the server listens on all.</param>
    public static Uri? Choose(IEnumerable<string> bound, IPAddress machine)
    {
        foreach (var text in bound)
        {
            // "+" and "*" are the server's own wildcards and no part of a valid URI.
            var address = new Uri(text
                .Replace("://+", "://0.0.0.0", StringComparison.Ordinal)
                .Replace("://*", "://0.0.0.0", StringComparison.Ordinal));
            if (address.Scheme != Uri.UriSchemeHttp) continue;
            return IsWildcard(address) ? new UriBuilder(Uri.UriSchemeHttp, machine.ToString(), address.Port).Uri : address;
        }

        return null;
    }

    /// <summary>The first address of this machine that others can reach, or loopback on a machine without a network.</summary>
    public static IPAddress OfMachine() => NetworkInterface.GetAllNetworkInterfaces()
        .Where(network => network is { OperationalStatus: OperationalStatus.Up, NetworkInterfaceType: not NetworkInterfaceType.Loopback })
        .SelectMany(network => network.GetIPProperties().UnicastAddresses)
        .Select(unicast => unicast.Address)
        .Where(address => !address.IsIPv6LinkLocal && !IPAddress.IsLoopback(address))
        .OrderBy(address => address.AddressFamily == AddressFamily.InterNetwork ? 0 : 1)
        .FirstOrDefault() ?? IPAddress.Loopback;

    private static bool IsWildcard(Uri address) =>
        IPAddress.TryParse(address.Host.Trim('[', ']'), out var ip) && (ip.Equals(IPAddress.Any) || ip.Equals(IPAddress.IPv6Any));
}
