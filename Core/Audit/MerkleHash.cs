using System.Buffers;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Security.Cryptography;

namespace Platform.Core.Audit;

/// <summary>A node of the audit log's tree: SHA-256 as RFC 6962, section 2.1, forms it. Compares by its 32 bytes.</summary>
[StructLayout(LayoutKind.Sequential)]
public readonly record struct MerkleHash
{
    public const int Bytes = 32;
    private const byte LeafPrefix = 0;
    private const byte NodePrefix = 1;
    private const int StackBytes = 1024;
    private readonly ulong a;
    private readonly ulong b;
    private readonly ulong c;
    private readonly ulong d;

    /// <summary>The root of a log without entries.</summary>
    public static MerkleHash Empty { get; } = Of([]);

    /// <summary>What stands in the tree for an entry.</summary>
    public static MerkleHash Leaf(ReadOnlySpan<byte> entry)
    {
        var rented = entry.Length >= StackBytes ? ArrayPool<byte>.Shared.Rent(entry.Length + 1) : null;
        var prefixed = rented is null ? stackalloc byte[StackBytes] : rented.AsSpan();
        prefixed[0] = LeafPrefix;
        entry.CopyTo(prefixed[1..]);
        var hash = Of(prefixed[..(entry.Length + 1)]);
        if (rented is not null) ArrayPool<byte>.Shared.Return(rented);
        return hash;
    }

    public static MerkleHash Node(MerkleHash left, MerkleHash right)
    {
        Span<byte> prefixed = stackalloc byte[1 + (2 * Bytes)];
        prefixed[0] = NodePrefix;
        left.CopyTo(prefixed[1..]);
        right.CopyTo(prefixed[(1 + Bytes)..]);
        return Of(prefixed);
    }

    /// <exception cref="ArgumentOutOfRangeException">There are fewer than 32 bytes.</exception>
    public static MerkleHash Read(ReadOnlySpan<byte> bytes) => MemoryMarshal.Read<MerkleHash>(bytes);

    public void CopyTo(Span<byte> destination) => MemoryMarshal.Write(destination, in this);

    public byte[] ToArray() => MemoryMarshal.AsBytes(new ReadOnlySpan<MerkleHash>(in this)).ToArray();

    /// <summary>64 lower-case hexadecimal digits.</summary>
    public override string ToString() => Convert.ToHexStringLower(ToArray());

    private static MerkleHash Of(ReadOnlySpan<byte> bytes)
    {
        Unsafe.SkipInit(out MerkleHash hash);
        SHA256.HashData(bytes, MemoryMarshal.AsBytes(new Span<MerkleHash>(ref hash)));
        return hash;
    }
}
