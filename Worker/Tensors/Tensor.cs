using System.Runtime.InteropServices;

namespace Platform.Worker.Tensors;

/// <summary>
/// A tensor in a pinned buffer that somebody else owns: little-endian, row-major. BYTES elements lie one after
/// another, each with its length before it (4 bytes), just as they travel.
/// </summary>
internal sealed class Tensor(Datatype datatype, long[] shape, PinnedBuffer buffer, int offset, int length)
{
    public Datatype Datatype => datatype;

    public long[] Shape => shape;

    public int Length => length;

    public nint Address => buffer.AddressOf(offset);

    public Span<byte> Bytes => buffer.Span.Slice(offset, length);

    public Span<T> As<T>()
        where T : unmanaged => MemoryMarshal.Cast<byte, T>(Bytes);

    /// <summary>Some of its items, in the same memory.</summary>
    public Tensor TakeRows(int first, int count)
    {
        if (first == 0 && count == shape[0]) return this;
        var (start, bytes) = Rows.Locate(Bytes, datatype, shape, first, count);
        return new Tensor(datatype, Rows.Shape(shape, count), buffer, offset + start, bytes);
    }
}
