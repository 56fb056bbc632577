using System.Buffers.Binary;
using System.Collections.Immutable;

namespace Platform.Core.Models.Datasets;

/// <summary>
/// The header of MNIST's idx format: two zeros, the element type (8: unsigned byte), the number of dimensions, and each
/// dimension in four big-endian bytes; the elements follow.
/// </summary>
public sealed record IdxHeader(ImmutableArray<int> Dimensions)
{
    public const int ImageRank = 3;
    public const int LabelRank = 1;
    private const byte UnsignedByte = 8;

    public int Rows => Dimensions[0];

    /// <summary>Elements of one row: its pixels, or 1 for a label.</summary>
    public long RowBytes => Dimensions.Skip(1).Aggregate(1L, (product, size) => product * size);

    /// <summary>Pixels as models are given them: from 0 to 1.</summary>
    public static void Scale(ReadOnlySpan<byte> pixels, Span<float> to)
    {
        for (var i = 0; i < pixels.Length; i++) to[i] = pixels[i] / 255f;
    }

    public static int Bytes(int rank) => 4 + (4 * rank);

    /// <param name="head">The file's first <see cref="Bytes"/>.</param>
    /// <exception cref="DatasetException">It is no idx file of unsigned bytes with that many dimensions.</exception>
    public static IdxHeader Parse(ReadOnlySpan<byte> head, int rank)
    {
        if (head.Length < Bytes(rank) || head[0] != 0 || head[1] != 0 || head[2] != UnsignedByte || head[3] != rank)
            throw new DatasetException($"this is no idx file of unsigned bytes with {rank} dimension(s); it should begin with 00 00 08 0{rank}");
        var dimensions = new int[rank];
        for (var i = 0; i < rank; i++) dimensions[i] = BinaryPrimitives.ReadInt32BigEndian(head[(4 + (4 * i))..]);
        return dimensions.All(size => size > 0)
            ? new([.. dimensions])
            : throw new DatasetException($"its header gives the dimensions {string.Join(" × ", dimensions)}; each must be at least 1");
    }
}
