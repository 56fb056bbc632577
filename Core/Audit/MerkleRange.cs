using System.Collections.Immutable;
using System.Numerics;

namespace Platform.Core.Audit;

/// <summary>The subtree over the entries from <paramref name="Start"/> on. Its root is one hash of a proof.</summary>
public readonly record struct MerkleRange(long Start, long Count)
{
    /// <summary>Where RFC 6962 splits a tree: the largest power of two below its size.</summary>
    public static long Split(long size) => 1L << BitOperations.Log2((ulong)(size - 1));

    /// <summary>Which subtrees prove that an entry is in the log of that size: PATH(m, D[n]) of RFC 6962, section 2.1.1.</summary>
    public static ImmutableArray<MerkleRange> Inclusion(long index, long size)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(index);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(index, size);
        var path = ImmutableArray.CreateBuilder<MerkleRange>();
        for (var (start, count) = (0L, size); count > 1;)
        {
            var split = Split(count);
            if (index - start < split)
            {
                path.Add(new(start + split, count - split));
                count = split;
            }
            else
            {
                path.Add(new(start, split));
                (start, count) = (start + split, count - split);
            }
        }

        path.Reverse();
        return path.ToImmutable();
    }

    /// <summary>Which subtrees prove that the log of the smaller size is the beginning of the other: PROOF(m, D[n]) of section 2.1.2.</summary>
    public static ImmutableArray<MerkleRange> Consistency(long from, long to)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(from, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(from, to);
        var path = ImmutableArray.CreateBuilder<MerkleRange>();
        var (start, count) = (0L, to);
        while (from - start < count)
        {
            var split = Split(count);
            if (from - start <= split)
            {
                path.Add(new(start + split, count - split));
                count = split;
            }
            else
            {
                path.Add(new(start, split));
                (start, count) = (start + split, count - split);
            }
        }

        // The smaller tree itself is known to who asks; a part of it is not.
        if (start > 0) path.Add(new(start, count));
        path.Reverse();
        return path.ToImmutable();
    }
}
