using System.Buffers.Binary;
using System.Runtime.InteropServices;
using Platform.Core.Tensors;

namespace Platform.Formats.Items;

/// <summary>Elements from the bytes of a tensor.</summary>
internal static class ElementBytes
{
    /// <summary>The next element; of BYTES without its length.</summary>
    public static ReadOnlySpan<byte> Next(Datatype datatype, ref ReadOnlySpan<byte> rest)
    {
        var prefix = datatype is Datatype.Bytes ? BytesElements.PrefixBytes : 0;
        var size = prefix == 0 ? datatype.ElementBytes() : BinaryPrimitives.ReadInt32LittleEndian(rest);
        var element = rest.Slice(prefix, size);
        rest = rest[(prefix + size)..];
        return element;
    }

    /// <summary>A whole number, of any type but UINT64.</summary>
    public static long ToInt64(Datatype datatype, ReadOnlySpan<byte> element) => datatype switch
    {
        Datatype.Int8 => (sbyte)element[0],
        Datatype.Int16 => MemoryMarshal.Read<short>(element),
        Datatype.Uint16 => MemoryMarshal.Read<ushort>(element),
        Datatype.Int32 => MemoryMarshal.Read<int>(element),
        Datatype.Uint32 => MemoryMarshal.Read<uint>(element),
        Datatype.Int64 => MemoryMarshal.Read<long>(element),
        _ => element[0],
    };

    /// <summary>Numbers of FP16 and BF16, which FP32 holds exactly, and of FP32.</summary>
    public static float ToSingle(Datatype datatype, ReadOnlySpan<byte> element) => datatype switch
    {
        Datatype.Fp16 => (float)MemoryMarshal.Read<Half>(element),
        Datatype.Bf16 => BFloat16.ToSingle(MemoryMarshal.Read<ushort>(element)),
        _ => MemoryMarshal.Read<float>(element),
    };
}
