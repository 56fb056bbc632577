using System.Buffers.Binary;
using System.Net.Sockets;

namespace Platform.SharedState.Frames;

/// <summary>What comes in on a connection: a small buffer for heads; the rest of a body goes straight where it belongs.</summary>
internal sealed class FrameInput(Socket socket)
{
    private const int FirstBytes = 8 * 1024;
    private byte[] buffer = new byte[FirstBytes];
    private int start;
    private int end;

    public bool IsEmpty => start == end;

    /// <summary>The head whose length <see cref="TryReadHeadAsync"/> gave.</summary>
    public ReadOnlySpan<byte> Head(int length) => buffer.AsSpan(start + FrameFormat.PrefixBytes, length);

    /// <summary>Done with the head; what follows is the body.</summary>
    public void SkipHead(int length) => start += FrameFormat.PrefixBytes + length;

    /// <summary>Waits for more bytes; 0 when the other side has closed.</summary>
    public async ValueTask<int> FillAsync(CancellationToken cancellation)
    {
        if (start == end) (start, end) = (0, 0);
        if (end == buffer.Length) MakeRoom();

        var read = await socket.ReceiveAsync(buffer.AsMemory(end), cancellation);
        end += read;
        return read;
    }

    /// <summary>Lengths of the next frame's head, which is in the buffer then, and of its body; null when the other side has closed.</summary>
    /// <exception cref="FrameException">It is no frame, or it ends in the middle.</exception>
    public async ValueTask<(int Head, int Body)?> TryReadHeadAsync(CancellationToken cancellation)
    {
        while (true)
        {
            if (end - start >= FrameFormat.PrefixBytes)
            {
                var (head, body) = ReadLengths(buffer.AsSpan(start));
                if (end - start >= FrameFormat.PrefixBytes + head) return (head, body);
            }

            if (await FillAsync(cancellation) > 0) continue;
            return IsEmpty ? null : throw new FrameException("The connection was closed in the middle of a frame.");
        }
    }

    /// <summary>Fills the target; false when the other side closes before.</summary>
    public async ValueTask<bool> TryReadAsync(Memory<byte> target, CancellationToken cancellation)
    {
        var buffered = Math.Min(target.Length, end - start);
        buffer.AsSpan(start, buffered).CopyTo(target.Span);
        start += buffered;
        for (var done = buffered; done < target.Length;)
        {
            var read = await socket.ReceiveAsync(target[done..], cancellation);
            if (read == 0) return false;
            done += read;
        }

        return true;
    }

    /// <summary>Reads so many bytes and forgets them; false when the other side closes before.</summary>
    public async ValueTask<bool> TryDropAsync(int bytes)
    {
        while (bytes > 0)
        {
            if (IsEmpty && await FillAsync(CancellationToken.None) == 0) return false;
            var dropped = Math.Min(bytes, end - start);
            start += dropped;
            bytes -= dropped;
        }

        return true;
    }

    /// <summary>It is full, and only heads wait in it for their end: either its beginning is free, or it is to be larger.</summary>
    private void MakeRoom()
    {
        var larger = start > 0 ? buffer : new byte[Math.Min(buffer.Length * 2, FrameFormat.PrefixBytes + FrameFormat.MaxHeadBytes)];
        buffer.AsSpan(start, end - start).CopyTo(larger);
        (buffer, start, end) = (larger, 0, end - start);
    }

    private static (int Head, int Body) ReadLengths(ReadOnlySpan<byte> prefix)
    {
        var length = BinaryPrimitives.ReadUInt32LittleEndian(prefix);
        var head = BinaryPrimitives.ReadUInt16LittleEndian(prefix[sizeof(uint)..]);
        if (head > FrameFormat.MaxHeadBytes || length < head || length - head > FrameFormat.MaxBodyBytes)
            throw new FrameException($"A frame of {length} bytes with a head of {head} is none of ours.");
        return (head, (int)(length - head));
    }
}
