namespace Platform.Core.Audit;

/// <summary>
/// What has to be kept of a tree to go on appending: the roots of its complete subtrees, the largest first, at most one
/// a bit of its size.
/// </summary>
public sealed class MerkleFrontier
{
    private readonly List<MerkleHash> peaks;

    public MerkleFrontier()
        : this([], 0)
    {
    }

    private MerkleFrontier(List<MerkleHash> peaks, long size) => (this.peaks, Size) = (peaks, size);

    /// <summary>Entries so far.</summary>
    public long Size { get; private set; }

    public MerkleHash Root
    {
        get
        {
            if (Size == 0) return MerkleHash.Empty;
            var root = peaks[^1];
            for (var i = peaks.Count - 2; i >= 0; i--) root = MerkleHash.Node(peaks[i], root);
            return root;
        }
    }

    public void Append(MerkleHash leaf) => AppendSubtree(leaf, level: 0);

    /// <summary>Appends 2^<paramref name="level"/> entries by the root of their subtree.</summary>
    /// <exception cref="InvalidOperationException">The size is no multiple of that.</exception>
    public void AppendSubtree(MerkleHash root, int level)
    {
        if ((Size & ((1L << level) - 1)) != 0) throw new InvalidOperationException($"A subtree of level {level} cannot begin at entry {Size}.");
        for (var rest = Size >> level; (rest & 1) == 1; rest >>= 1)
        {
            root = MerkleHash.Node(peaks[^1], root);
            peaks.RemoveAt(peaks.Count - 1);
        }

        peaks.Add(root);
        Size += 1L << level;
    }

    public MerkleFrontier Copy() => new([.. peaks], Size);
}
