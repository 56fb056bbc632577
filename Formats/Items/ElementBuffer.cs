using System.Buffers;
using System.Buffers.Binary;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Platform.Core.Tensors;

namespace Platform.Formats.Items;

/// <summary>Elements of one tensor, as they come.</summary>
internal sealed class ElementBuffer(Datatype datatype)
{
    private readonly ArrayBufferWriter<byte> bytes = new();

    public Datatype Datatype => datatype;

    public int Count { get; private set; }

    public int Bytes => bytes.WrittenCount;

    public void Add<T>(T value)
        where T : unmanaged
    {
        var size = Unsafe.SizeOf<T>();
        MemoryMarshal.Write(bytes.GetSpan(size), value);
        bytes.Advance(size);
        Count++;
    }

    public void AddAll<T>(ReadOnlySpan<T> values)
        where T : unmanaged
    {
        bytes.Write(MemoryMarshal.AsBytes(values));
        Count += values.Length;
    }

    public void AddBytes(ReadOnlySpan<byte> value)
    {
        BinaryPrimitives.WriteInt32LittleEndian(bytes.GetSpan(sizeof(int)), value.Length);
        bytes.Advance(sizeof(int));
        bytes.Write(value);
        Count++;
    }

    /// <summary>What was added, in memory of its own; the buffer is empty then.</summary>
    public ReadOnlyMemory<byte> Take()
    {
        var taken = bytes.WrittenSpan.ToArray();
        Clear();
        return taken;
    }

    public void Clear()
    {
        bytes.ResetWrittenCount();
        Count = 0;
    }
}
