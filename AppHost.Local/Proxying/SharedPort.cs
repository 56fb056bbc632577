using System.Buffers;
using System.Net;
using System.Net.Sockets;
using System.Threading.Channels;
using Microsoft.AspNetCore.Connections;

namespace Aspire.Hosting.Proxying;

/// <summary>Accepts on both loopback addresses and sorts the connections by their first bytes.</summary>
internal sealed class SharedPort
{
    private readonly int port;
    private readonly IConnectionListenerFactory sockets;
    private readonly Channel<ConnectionContext> http1 = Channel.CreateUnbounded<ConnectionContext>();
    private readonly Channel<ConnectionContext> http2 = Channel.CreateUnbounded<ConnectionContext>();
    private readonly List<IConnectionListener> listeners = [];
    private readonly Lazy<Task> bound;

    public SharedPort(int port, IConnectionListenerFactory sockets)
    {
        this.port = port;
        this.sockets = sockets;
        bound = new(ListenAsync);
    }

    /// <summary>Both faces ask; the port is bound once.</summary>
    public Task BindAsync() => bound.Value;

    /// <summary>The next connection that speaks the protocol; null when the port is closed.</summary>
    public async ValueTask<ConnectionContext?> AcceptAsync(bool isHttp2, CancellationToken cancellationToken)
    {
        var queue = (isHttp2 ? http2 : http1).Reader;
        return await queue.WaitToReadAsync(cancellationToken) && queue.TryRead(out var connection) ? connection : null;
    }

    public async ValueTask CloseAsync()
    {
        http1.Writer.TryComplete();
        http2.Writer.TryComplete();
        foreach (var listener in listeners)
        {
            await listener.UnbindAsync();
            await listener.DisposeAsync();
        }
    }

    private async Task ListenAsync()
    {
        await ListenAsync(IPAddress.Loopback);
        if (Socket.OSSupportsIPv6) await ListenAsync(IPAddress.IPv6Loopback);
    }

    private async Task ListenAsync(IPAddress address)
    {
        try
        {
            var listener = await sockets.BindAsync(new IPEndPoint(address, port));
            listeners.Add(listener);
            _ = AcceptAllAsync(listener);
        }
        catch (SocketException e) when (e.SocketErrorCode is SocketError.AddressNotAvailable or SocketError.AddressFamilyNotSupported)
        {
            // A container may have IPv6 and yet no IPv6 loopback. The other address is enough.
        }
    }

    private async Task AcceptAllAsync(IConnectionListener listener)
    {
        while (await listener.AcceptAsync() is { } connection) _ = SortAsync(connection);
    }

    private async Task SortAsync(ConnectionContext connection)
    {
        try
        {
            var queue = await StartsAsHttp2Async(connection) ? http2 : http1;
            if (queue.Writer.TryWrite(connection)) return;
        }
        catch (Exception e) when (e is IOException or ConnectionAbortedException or InvalidOperationException)
        {
            // The client hung up before it said anything.
        }

        await connection.DisposeAsync();
    }

    /// <summary>Looks without taking: whoever serves the connection reads the same bytes again.</summary>
    private static async Task<bool> StartsAsHttp2Async(ConnectionContext connection)
    {
        var input = connection.Transport.Input;
        while (true)
        {
            var read = await input.ReadAsync();
            var isLong = read.Buffer.Length >= 4;
            var isHttp2 = isLong && read.Buffer.Slice(0, 4).ToArray().AsSpan().SequenceEqual("PRI "u8);
            input.AdvanceTo(read.Buffer.Start, isLong ? read.Buffer.Start : read.Buffer.End);
            if (isLong || read.IsCompleted) return isHttp2;
        }
    }
}
