using System.Net;
using System.Net.Sockets;
using Microsoft.Extensions.Options;
using Platform.Core.Alerts.Routing;

namespace Platform.Silo.Alerts.Channels;

/// <summary>A channel's host has an address that nobody may have us talk to.</summary>
internal sealed class PrivateTargetException(string message) : IOException(message);

/// <summary>
/// Keeps channels from reaching into our own network. What counts is the address that is connected to: a name can
/// resolve to something else after it was looked at.
/// </summary>
internal sealed class TargetGuard(IOptions<AlertOptions> options)
{
    /// <summary>Why a channel may not have this host; null if it may, or if its name does not resolve just now.</summary>
    public async Task<string?> RefuseAsync(string host)
    {
        if (options.Value.AllowPrivateTargets) return null;
        IPAddress[] addresses;
        try
        {
            addresses = await Dns.GetHostAddressesAsync(host.Trim('[', ']'));
        }
        catch (SocketException)
        {
            // Whether it may be reached is asked again, with the address, at every connection.
            return null;
        }

        return addresses.Any(TargetAddress.IsPrivate) ? Explain(host) : null;
    }

    /// <summary>Connects to a host, having checked the very address.</summary>
    /// <exception cref="PrivateTargetException">Its addresses are all private, and the platform is not told to allow that.</exception>
    public async Task<Socket> ConnectAsync(string host, int port, CancellationToken cancellation)
    {
        var addresses = await Dns.GetHostAddressesAsync(host.Trim('[', ']'), cancellation);
        var allowed = addresses.Where(address => options.Value.AllowPrivateTargets || !TargetAddress.IsPrivate(address)).ToArray();
        if (allowed.Length == 0) throw new PrivateTargetException(Explain(host));
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            await socket.ConnectAsync(allowed, port, cancellation);
            return socket;
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    private static string Explain(string host) =>
        $"{host} is on a loopback or private address. Give a public one, or set Alerts__AllowPrivateTargets=true where the silos run.";
}
