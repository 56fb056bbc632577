using System.Net;
using System.Net.Sockets;

namespace Platform.SharedState.Frames;

/// <summary>An answer and its body.</summary>
public readonly record struct FrameResult(FrameAnswer Answer, ReadOnlyMemory<byte> Body);

/// <summary>A caller's end of a connection; one request at a time.</summary>
internal sealed class FrameConnection : IDisposable
{
    private readonly Socket socket;
    private readonly FrameInput input;
    private readonly FrameOutput output;

    private FrameConnection(Socket socket) => (this.socket, input, output) = (socket, new(socket), new(socket));

    /// <summary>When it was put aside.</summary>
    public long IdleSince { get; set; }

    /// <summary>Whether anything of the answer has come; if not, the worker may never have seen the request.</summary>
    public bool HasHeard { get; private set; }

    /// <exception cref="FrameException">The worker cannot be reached or is none of ours.</exception>
    public static async ValueTask<FrameConnection> OpenAsync(EndPoint worker, byte[] key, TimeSpan limit, CancellationToken cancellation)
    {
        var socket = worker is DnsEndPoint
            ? new Socket(SocketType.Stream, ProtocolType.Tcp)
            : new Socket(worker.AddressFamily, SocketType.Stream, Sockets.ProtocolOf(worker));
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        patience.CancelAfter(limit);
        try
        {
            await socket.ConnectAsync(worker, patience.Token);
            Sockets.HurryUp(socket);
            var connection = new FrameConnection(socket);
            await FrameHandshake.CallAsync(socket, connection.input, key, patience.Token);
            return connection;
        }
        catch (Exception e)
        {
            socket.Dispose();
            cancellation.ThrowIfCancellationRequested();
            if (e is SocketException or FrameException or OperationCanceledException)
                throw new FrameException($"No connection to the worker at {worker}: {e.Message}", e);
            throw;
        }
    }

    /// <summary>Whether the worker has closed it, or said something that nobody asked for.</summary>
    public bool IsStale()
    {
        try
        {
            return !input.IsEmpty || socket.Poll(TimeSpan.Zero, SelectMode.SelectRead);
        }
        catch (SocketException)
        {
            return true;
        }
    }

    /// <summary>Whatever ends it early, cancellation among it, leaves the connection of no further use.</summary>
    /// <exception cref="FrameException">The connection broke.</exception>
    public async ValueTask<FrameResult> AskAsync(FrameRequest request, ReadOnlyMemory<byte> body, CancellationToken cancellation)
    {
        HasHeard = false;
        try
        {
            output.Begin(request, body.Length);
            await output.SendAsync(body, cancellation);
            var lengths = await input.TryReadHeadAsync(cancellation) ?? throw new FrameBrokenException("The worker hung up.");
            HasHeard = true;
            var answer = FrameAnswer.Read(input.Head(lengths.Head));
            input.SkipHead(lengths.Head);
            var bytes = GC.AllocateUninitializedArray<byte>(lengths.Body);
            if (!await input.TryReadAsync(bytes, cancellation)) throw new FrameBrokenException("The worker hung up in the middle of its answer.");
            return new FrameResult(answer, bytes);
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException)
        {
            throw new FrameBrokenException($"The connection to the worker broke: {e.Message}", e);
        }
    }

    public void Dispose()
    {
        output.Complete();
        socket.Dispose();
    }
}
