using System.Net;

namespace Platform.Worker.Inference.Frames;

internal static class FrameAddress
{
    /// <summary>Loopback where the HTTP server listens there only; else every address of the machine.</summary>
    /// <param name="http">What the server says: "http://[::]:8080", "http://localhost:5000".</param>
    public static IPAddress BesideHttp(IEnumerable<string> http)
    {
        var hosts = http.Select(address => BindingAddress.Parse(address).Host).ToArray();
        return hosts.Length > 0 && Array.TrueForAll(hosts, IsLoopback) ? IPAddress.Loopback : IPAddress.IPv6Any;
    }

    private static bool IsLoopback(string host) =>
        host.Equals("localhost", StringComparison.OrdinalIgnoreCase)
        || (IPAddress.TryParse(host.Trim('[', ']'), out var address) && IPAddress.IsLoopback(address));
}
