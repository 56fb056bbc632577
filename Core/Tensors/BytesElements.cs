using System.Buffers.Binary;

namespace Platform.Core.Tensors;

/// <summary>The elements of a BYTES tensor as it travels: each a length of 4 bytes, little-endian, and that many bytes.</summary>
public ref struct BytesElements(ReadOnlySpan<byte> serialized)
{
    public const int PrefixBytes = sizeof(uint);
    private ReadOnlySpan<byte> rest = serialized;

    public ReadOnlySpan<byte> Current { get; private set; }

    /// <summary>Whether the bytes ended inside an element.</summary>
    public bool IsCutOff { get; private set; }

    public readonly BytesElements GetEnumerator() => this;

    public bool MoveNext()
    {
        if (rest.IsEmpty) return false;
        var length = rest.Length < PrefixBytes ? uint.MaxValue : BinaryPrimitives.ReadUInt32LittleEndian(rest);
        IsCutOff = rest.Length < PrefixBytes || length > (uint)(rest.Length - PrefixBytes);
        if (IsCutOff) return false;
        Current = rest.Slice(PrefixBytes, (int)length);
        rest = rest[(PrefixBytes + (int)length)..];
        return true;
    }
}
