using System.Buffers;
using System.Buffers.Binary;
using System.IO.Pipelines;
using System.Net.Sockets;

namespace Platform.SharedState.Frames;

/// <summary>
/// What goes out on a connection, gathered so that a small frame is one call to the system. A flush sends only when
/// much has been gathered; <see cref="SendAsync"/> sends the rest.
/// </summary>
internal sealed class FrameOutput(Socket socket) : PipeWriter
{
    public const int GatherBytes = 64 * 1024;
    private const int FirstBytes = FrameFormat.PrefixBytes + FrameFormat.MaxHeadBytes;
    private byte[] buffer = [];
    private int length;

    public void Begin(FrameRequest request, long bodyBytes)
    {
        var writer = new FrameHeadWriter(HeadRoom());
        request.Write(ref writer);
        WritePrefix(writer.Length, bodyBytes);
    }

    public void Begin(FrameAnswer answer, long bodyBytes)
    {
        var writer = new FrameHeadWriter(HeadRoom());
        answer.Write(ref writer);
        WritePrefix(writer.Length, bodyBytes);
    }

    /// <summary>Sends what has been gathered.</summary>
    public async ValueTask SendAsync(CancellationToken cancellation)
    {
        for (var sent = 0; sent < length;) sent += await socket.SendAsync(buffer.AsMemory(sent, length - sent), cancellation);
        GiveBack();
    }

    /// <summary>Sends a body from where it lies if copying it would cost more than a call.</summary>
    public async ValueTask SendAsync(ReadOnlyMemory<byte> body, CancellationToken cancellation)
    {
        if (body.Length + length <= GatherBytes)
        {
            this.Write(body.Span);
            await SendAsync(cancellation);
            return;
        }

        await SendAsync(cancellation);
        while (!body.IsEmpty) body = body[await socket.SendAsync(body, cancellation)..];
    }

    public override Span<byte> GetSpan(int sizeHint = 0) => GetMemory(sizeHint).Span;

    public override Memory<byte> GetMemory(int sizeHint = 0)
    {
        var wanted = Math.Max(sizeHint, 1);
        if (buffer.Length - length < wanted)
        {
            var larger = ArrayPool<byte>.Shared.Rent(Math.Max(FirstBytes, checked(length + wanted)));
            buffer.AsSpan(0, length).CopyTo(larger);
            var kept = length;
            GiveBack();
            (buffer, length) = (larger, kept);
        }

        return buffer.AsMemory(length);
    }

    public override void Advance(int bytes) => length += bytes;

    public override async ValueTask<FlushResult> FlushAsync(CancellationToken cancellationToken = default)
    {
        if (length >= GatherBytes) await SendAsync(cancellationToken);
        return default;
    }

    public override void CancelPendingFlush() => throw new NotSupportedException("Close the connection instead.");

    /// <summary>Nothing more will be written.</summary>
    public override void Complete(Exception? exception = null) => GiveBack();

    private Span<byte> HeadRoom() => GetSpan(FrameFormat.PrefixBytes + FrameFormat.MaxHeadBytes)
        .Slice(FrameFormat.PrefixBytes, FrameFormat.MaxHeadBytes);

    private void WritePrefix(int headBytes, long bodyBytes)
    {
        if (bodyBytes > FrameFormat.MaxBodyBytes) throw new FrameException($"A body of {bodyBytes} bytes is more than a frame holds.");
        var prefix = GetSpan(FrameFormat.PrefixBytes + headBytes);
        BinaryPrimitives.WriteUInt32LittleEndian(prefix, (uint)(headBytes + bodyBytes));
        BinaryPrimitives.WriteUInt16LittleEndian(prefix[sizeof(uint)..], (ushort)headBytes);
        length += FrameFormat.PrefixBytes + headBytes;
    }

    private void GiveBack()
    {
        if (buffer.Length > 0) ArrayPool<byte>.Shared.Return(buffer);
        (buffer, length) = ([], 0);
    }
}
