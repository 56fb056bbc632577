using System.Buffers;

namespace Platform.Api.Inference.Grpc;

/// <summary>
/// A call's body in the making: the tensors one after another, and before them room for the JSON that describes them,
/// which is known last. So a tensor is copied once, from the message into here.
/// </summary>
internal sealed class CallBody(int headroom, int tensorBytes) : IDisposable
{
    private byte[] buffer = ArrayPool<byte>.Shared.Rent(checked(headroom + tensorBytes));
    private int start = headroom;
    private int end = headroom;

    /// <summary>Bytes of each tensor.</summary>
    public List<int> Sizes { get; } = new(2);

    /// <summary>Room for the next tensor.</summary>
    public Span<byte> Take(int bytes)
    {
        Sizes.Add(bytes);
        end += bytes;
        return buffer.AsSpan(end - bytes, bytes);
    }

    /// <summary>The whole body; it lives until this is disposed of.</summary>
    public ReadOnlyMemory<byte> Finish(ReadOnlySpan<byte> head)
    {
        if (head.Length > start) MakeRoom(head.Length);
        head.CopyTo(buffer.AsSpan(start - head.Length));
        return buffer.AsMemory(start - head.Length, head.Length + end - start);
    }

    public void Dispose()
    {
        if (buffer.Length > 0) ArrayPool<byte>.Shared.Return(buffer);
        buffer = [];
    }

    /// <summary>A description longer than anyone expected costs its tensors a second copy.</summary>
    private void MakeRoom(int headBytes)
    {
        var larger = ArrayPool<byte>.Shared.Rent(checked(headBytes + end - start));
        buffer.AsSpan(start, end - start).CopyTo(larger.AsSpan(headBytes));
        ArrayPool<byte>.Shared.Return(buffer);
        (buffer, end, start) = (larger, headBytes + end - start, headBytes);
    }
}
