using System.Runtime.InteropServices;

namespace Platform.Worker.Tensors;

/// <summary>
/// A tensor in a pinned buffer that somebody else owns: little-endian, row-major. BYTES elements lie one after
/// another, each with its length before it (4 bytes), just as they travel.
/// </summary>
internal sealed class Tensor(Datatype datatype, long[] shape, PinnedBuffer buffer, int offset, int length)
{
    /// <summary>The optional input that it is for; null for the inputs that every request gives.</summary>
    public TensorSpec? Optional { get; init; }

    public Datatype Datatype => datatype;

    public long[] Shape => shape;

    public int Length => length;

    public nint Address => buffer.AddressOf(offset);

    public Span<byte> Bytes => buffer.Span.Slice(offset, length);

    public Span<T> As<T>()
        where T : unmanaged => MemoryMarshal.Cast<byte, T>(Bytes);

    /// <summary>The same memory, given for an optional input.</summary>
    public Tensor For(TensorSpec input) => new(datatype, shape, buffer, offset, length) { Optional = input };

    /// <summary>Some of its items, in the same memory; an optional input has none and stays whole.</summary>
    public Tensor TakeRows(int first, int count)
    {
        if (Optional is not null || (first == 0 && count == shape[0])) return this;
        var (start, bytes) = Rows.Locate(Bytes, datatype, shape, first, count);
        return new Tensor(datatype, Rows.Shape(shape, count), buffer, offset + start, bytes);
    }
}
