using System.Buffers.Binary;

namespace Platform.Worker.Tensors;

/// <summary>Where items of a batch lie in a tensor: the first dimension counts them.</summary>
internal static class Rows
{
    public static (int Start, int Length) Locate(ReadOnlySpan<byte> bytes, Datatype datatype, ReadOnlySpan<long> shape, int first, int count)
    {
        if (first == 0 && count == shape[0]) return (0, bytes.Length);
        if (datatype != Datatype.Bytes)
        {
            var rowBytes = (int)(bytes.Length / shape[0]);
            return (first * rowBytes, count * rowBytes);
        }

        Shapes.TryCount(shape[1..], out var perRow);
        var start = Skip(bytes, first * perRow);
        return (start, Skip(bytes[start..], count * perRow));
    }

    public static long[] Shape(ReadOnlySpan<long> shape, int count) => [count, .. shape[1..]];

    /// <summary>How many bytes so many BYTES elements take.</summary>
    private static int Skip(ReadOnlySpan<byte> bytes, long elements)
    {
        var at = 0;
        for (var i = 0L; i < elements; i++)
            at += BytesElements.PrefixBytes + (int)BinaryPrimitives.ReadUInt32LittleEndian(bytes[at..]);
        return at;
    }
}
