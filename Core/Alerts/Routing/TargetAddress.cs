using System.Net;
using System.Net.Sockets;

namespace Platform.Core.Alerts.Routing;

/// <summary>Which addresses are not of the open internet, and so nothing that a caller may have us talk to.</summary>
public static class TargetAddress
{
    private static readonly IPNetwork[] Private = [.. new[]
    {
        "0.0.0.0/8", "10.0.0.0/8", "100.64.0.0/10", "127.0.0.0/8", "169.254.0.0/16", "172.16.0.0/12", "192.0.0.0/24", "192.0.2.0/24",
        "192.88.99.0/24", "192.168.0.0/16", "198.18.0.0/15", "198.51.100.0/24", "203.0.113.0/24", "224.0.0.0/4", "240.0.0.0/4",
        "::/128", "::1/128", "64:ff9b:1::/48", "100::/64", "2001::/23", "2001:db8::/32", "fc00::/7", "fe80::/10", "fec0::/10", "ff00::/8",
    }.Select(IPNetwork.Parse)];

    private static readonly IPNetwork SixToFour = IPNetwork.Parse("2002::/16");
    private static readonly IPNetwork Nat64 = IPNetwork.Parse("64:ff9b::/96");

    public static bool IsPrivate(IPAddress address)
    {
        if (address.IsIPv4MappedToIPv6) return IsPrivate(address.MapToIPv4());
        if (address.AddressFamily is AddressFamily.InterNetworkV6)
        {
            // An IPv4 address can hide in these; it is what would be reached.
            var bytes = address.GetAddressBytes();
            if (SixToFour.Contains(address)) return IsPrivate(new IPAddress(bytes.AsSpan(2, 4)));
            if (Nat64.Contains(address) || bytes.AsSpan(0, 12).IndexOfAnyExcept((byte)0) < 0)
                return IsPrivate(new IPAddress(bytes.AsSpan(12, 4)));
        }

        return Private.Any(network => network.Contains(address));
    }
}
