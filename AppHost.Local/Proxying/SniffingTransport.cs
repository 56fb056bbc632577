using System.Collections.Concurrent;
using System.Globalization;
using System.Net;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Server.Kestrel.Transport.Sockets;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;

namespace Aspire.Hosting.Proxying;

/// <summary>One of the two faces of a public port: Kestrel serves HTTP/1.1 on the one and HTTP/2 on the other.</summary>
internal sealed class SniffedEndPoint(int port, bool isHttp2) : EndPoint
{
    public int Port => port;

    public bool IsHttp2 => isHttp2;

    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"localhost:{port} ({(isHttp2 ? "HTTP/2" : "HTTP/1.1")})");
}

/// <summary>Without TLS there is no negotiation: Kestrel would speak HTTP/1.1 only on a port that allows both. So both
/// share the port, and a connection goes to the one whose language its first bytes are.</summary>
internal sealed class SniffingTransport : IConnectionListenerFactory, IConnectionListenerFactorySelector
{
    private readonly SocketTransportFactory sockets = new(Options.Create(new SocketTransportOptions()), NullLoggerFactory.Instance);
    private readonly ConcurrentDictionary<int, SharedPort> ports = new();

    public bool CanBind(EndPoint endpoint) => endpoint is SniffedEndPoint;

    public async ValueTask<IConnectionListener> BindAsync(EndPoint endpoint, CancellationToken cancellationToken = default)
    {
        var sniffed = (SniffedEndPoint)endpoint;
        var port = ports.GetOrAdd(sniffed.Port, number => new SharedPort(number, sockets));
        await port.BindAsync().WaitAsync(cancellationToken);
        return new SniffedListener(sniffed, port);
    }

    private sealed class SniffedListener(SniffedEndPoint endPoint, SharedPort port) : IConnectionListener
    {
        public EndPoint EndPoint => endPoint;

        public ValueTask<ConnectionContext?> AcceptAsync(CancellationToken cancellationToken = default) => port.AcceptAsync(endPoint.IsHttp2, cancellationToken);

        public ValueTask UnbindAsync(CancellationToken cancellationToken = default) => port.CloseAsync();

        public ValueTask DisposeAsync() => port.CloseAsync();
    }
}
