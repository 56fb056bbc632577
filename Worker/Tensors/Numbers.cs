using System.Runtime.InteropServices;

namespace Platform.Worker.Tensors;

/// <summary>Reads elements whatever kind of number they are.</summary>
internal static class Numbers
{
    /// <summary>One element; not for texts.</summary>
    public static double At(Datatype datatype, ReadOnlySpan<byte> elements, int index)
    {
        var size = datatype.ElementBytes();
        var bytes = elements.Slice(index * size, size);
        return datatype switch
        {
            Datatype.Fp32 => MemoryMarshal.Read<float>(bytes),
            Datatype.Fp64 => MemoryMarshal.Read<double>(bytes),
            Datatype.Fp16 => (double)MemoryMarshal.Read<Half>(bytes),
            Datatype.Bf16 => BitConverter.UInt32BitsToSingle((uint)MemoryMarshal.Read<ushort>(bytes) << 16),
            Datatype.Int8 => (sbyte)bytes[0],
            Datatype.Int16 => MemoryMarshal.Read<short>(bytes),
            Datatype.Uint16 => MemoryMarshal.Read<ushort>(bytes),
            Datatype.Int32 => MemoryMarshal.Read<int>(bytes),
            Datatype.Uint32 => MemoryMarshal.Read<uint>(bytes),
            Datatype.Int64 => MemoryMarshal.Read<long>(bytes),
            Datatype.Uint64 => MemoryMarshal.Read<ulong>(bytes),
            _ => bytes[0],
        };
    }
}
