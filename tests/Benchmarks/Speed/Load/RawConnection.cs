using System.Diagnostics;
using System.Net;
using System.Net.Sockets;

namespace Platform.Benchmarks.Speed.Load;

/// <summary>
/// An HTTP/1.1 connection that sends bytes made before and reads of an answer only its status and its length: the
/// generator shares the cores with what it measures. One request at a time.
/// </summary>
internal sealed class RawConnection : IDisposable
{
    private const int FirstBytes = 16 * 1024;
    private readonly Socket socket = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
    private readonly SocketAsyncEventArgs receiving = new();
    private readonly Action<RawConnection, int> answered;
    private byte[] buffer = new byte[FirstBytes];
    private int length;

    /// <param name="answered">Gets the answer's status, or 0 when the connection broke; on the sockets' own thread.</param>
    public RawConnection(IPEndPoint server, Action<RawConnection, int> answered)
    {
        this.answered = answered;
        socket.Connect(server);
        receiving.SetBuffer(buffer, 0, buffer.Length);
        receiving.Completed += (_, _) => Receive();
    }

    /// <summary>Timestamp of the last request.</summary>
    public long Sent { get; private set; }

    /// <summary>Whatever the sender wants to know when the answer comes.</summary>
    public object? State { get; set; }

    public void Send(byte[] request)
    {
        length = 0;
        Sent = Stopwatch.GetTimestamp();
        try
        {
            socket.Send(request);
            Wait();
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException)
        {
            answered(this, 0);
        }
    }

    public void Dispose()
    {
        socket.Dispose();
        receiving.Dispose();
    }

    private void Wait()
    {
        if (!socket.ReceiveAsync(receiving)) Receive();
    }

    private void Receive()
    {
        if (receiving.SocketError != SocketError.Success || receiving.BytesTransferred == 0)
        {
            answered(this, 0);
            return;
        }

        length += receiving.BytesTransferred;
        var answer = RawAnswer.Read(buffer.AsSpan(0, length));
        if (answer.IsWhole)
        {
            answered(this, answer.Status);
            return;
        }

        if (length == buffer.Length) Array.Resize(ref buffer, buffer.Length * 2);
        receiving.SetBuffer(buffer, length, buffer.Length - length);
        try
        {
            Wait();
        }
        catch (ObjectDisposedException)
        {
            // The round is over and nobody waits for this answer.
        }
    }

    /// <summary>Room for the next answer from the beginning on.</summary>
    public void Rewind() => receiving.SetBuffer(buffer, 0, buffer.Length);
}
