using Platform.Core.Audit;

namespace Platform.Core.Tests.Audit;

/// <summary>The reference values of RFC 6962's first implementation, and its definitions taken at their word.</summary>
public sealed class MerkleTests
{
    private const int MaxSize = 300;

    private static readonly byte[][] Entries =
    [
        [], [0x00], [0x10], [0x20, 0x21], [0x30, 0x31], [0x40, 0x41, 0x42, 0x43],
        [0x50, 0x51, 0x52, 0x53, 0x54, 0x55, 0x56, 0x57],
        [0x60, 0x61, 0x62, 0x63, 0x64, 0x65, 0x66, 0x67, 0x68, 0x69, 0x6a, 0x6b, 0x6c, 0x6d, 0x6e, 0x6f],
    ];

    private static readonly MerkleHash[] Many = [.. Enumerable.Range(0, MaxSize).Select(i => MerkleHash.Leaf(BitConverter.GetBytes(i)))];

    [Theory]
    [InlineData(0, "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855")]
    [InlineData(1, "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d")]
    [InlineData(2, "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125")]
    [InlineData(3, "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77")]
    [InlineData(4, "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7")]
    [InlineData(5, "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4")]
    [InlineData(6, "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef")]
    [InlineData(7, "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c")]
    [InlineData(8, "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328")]
    public void Frontier_OfTheReferenceEntries_HasTheReferenceRoot(int size, string root)
    {
        var tree = new MerkleFrontier();
        foreach (var entry in Entries.Take(size)) tree.Append(MerkleHash.Leaf(entry));
        Assert.Equal(size, tree.Size);
        Assert.Equal(root, tree.Root.ToString());
    }

    [Fact]
    public void Frontier_AtEverySize_HasTheRootOfTheDefinition()
    {
        var tree = new MerkleFrontier();
        for (var size = 1; size <= MaxSize; size++)
        {
            tree.Append(Many[size - 1]);
            Assert.Equal(Root(0, size), tree.Root);
        }
    }

    [Theory]
    [InlineData(0)]
    [InlineData(3)]
    [InlineData(5)]
    public void Frontier_ThatTakesWholeSubtrees_HasTheSameRoot(int level)
    {
        var tree = new MerkleFrontier();
        var count = 1 << level;
        var size = 0;
        for (; size + count <= MaxSize; size += count) tree.AppendSubtree(Root(size, count), level);
        for (; size < MaxSize; size++) tree.Append(Many[size]);
        Assert.Equal(Root(0, MaxSize), tree.Root);
    }

    [Fact]
    public void Frontier_SubtreeWhereNoneMayBegin_Throws()
    {
        var tree = new MerkleFrontier();
        tree.Append(Many[0]);
        Assert.Throws<InvalidOperationException>(() => tree.AppendSubtree(Many[1], level: 1));
    }

    [Fact]
    public void Frontier_Copied_GoesItsOwnWay()
    {
        var tree = new MerkleFrontier();
        tree.Append(Many[0]);
        var copy = tree.Copy();
        copy.Append(Many[1]);
        Assert.Equal((1, Root(0, 1)), (tree.Size, tree.Root));
        Assert.Equal((2, Root(0, 2)), (copy.Size, copy.Root));
    }

    [Fact]
    public void Inclusion_OfEveryEntryInEverySize_IsProved()
    {
        for (var size = 1; size <= MaxSize; size++)
        {
            for (var index = 0; index < size; index++)
            {
                var proof = Hashes(MerkleRange.Inclusion(index, size));
                Assert.True(MerkleProofs.VerifyInclusion(Many[index], index, size, proof, Root(0, size)), $"{index} of {size}");
                Assert.False(MerkleProofs.VerifyInclusion(Many[(index + 1) % MaxSize], index, size, proof, Root(0, size)), $"{index} of {size}");
                Assert.False(MerkleProofs.VerifyInclusion(Many[index], index + 1, size, proof, Root(0, size)), $"{index} of {size}");
            }
        }
    }

    [Fact]
    public void Consistency_OfEveryPairOfSizes_IsProved()
    {
        for (var to = 1; to <= MaxSize; to++)
        {
            for (var from = 1; from <= to; from++)
            {
                var proof = Hashes(MerkleRange.Consistency(from, to));
                Assert.True(MerkleProofs.VerifyConsistency(from, to, Root(0, from), Root(0, to), proof), $"{from} to {to}");
                Assert.False(MerkleProofs.VerifyConsistency(from, to, Many[from - 1], MerkleHash.Empty, proof), $"{from} to {to}");
            }
        }
    }

    [Fact]
    public void Proof_WithAnyHashChangedMissingOrAdded_IsRefused()
    {
        foreach (var (from, size) in (ReadOnlySpan<(int, int)>)[(1, 2), (3, 7), (4, 7), (6, 8), (64, 300), (100, 255), (299, 300)])
        {
            var inclusion = Hashes(MerkleRange.Inclusion(from - 1, size));
            var consistency = Hashes(MerkleRange.Consistency(from, size));
            Assert.All(Spoiled(inclusion), proof => Assert.False(MerkleProofs.VerifyInclusion(Many[from - 1], from - 1, size, proof, Root(0, size))));
            Assert.All(Spoiled(consistency), proof => Assert.False(MerkleProofs.VerifyConsistency(from, size, Root(0, from), Root(0, size), proof)));
        }
    }

    [Theory]
    [InlineData(-1, 5)]
    [InlineData(5, 5)]
    [InlineData(0, 0)]
    public void Inclusion_OfAnEntryThatIsNotThere_IsNoProof(long index, long size)
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => MerkleRange.Inclusion(index, size));
        Assert.False(MerkleProofs.VerifyInclusion(Many[0], index, size, [], Many[0]));
    }

    [Theory]
    [InlineData(0, 5)]
    [InlineData(6, 5)]
    public void Consistency_OfSizesThatDoNotFollow_IsNoProof(long from, long to)
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => MerkleRange.Consistency(from, to));
        Assert.False(MerkleProofs.VerifyConsistency(from, to, Many[0], Many[0], []));
    }

    private static IEnumerable<MerkleHash[]> Spoiled(MerkleHash[] proof)
    {
        yield return [.. proof, Many[0]];
        for (var i = 0; i < proof.Length; i++)
        {
            yield return [.. proof[..i], .. proof[(i + 1)..]];
            yield return [.. proof[..i], MerkleHash.Node(proof[i], proof[i]), .. proof[(i + 1)..]];
        }
    }

    private static MerkleHash[] Hashes(IEnumerable<MerkleRange> ranges) => [.. ranges.Select(range => Root((int)range.Start, (int)range.Count))];

    private static readonly Dictionary<(int, int), MerkleHash> Known = [];

    /// <summary>MTH of section 2.1, word for word.</summary>
    private static MerkleHash Root(int start, int count)
    {
        lock (Known)
        {
            if (Known.TryGetValue((start, count), out var known)) return known;
            var split = 1;
            while (split * 2 < count) split *= 2;
            return Known[(start, count)] = count == 1 ? Many[start] : MerkleHash.Node(Root(start, split), Root(start + split, count - split));
        }
    }
}
