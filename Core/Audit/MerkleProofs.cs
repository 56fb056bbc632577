namespace Platform.Core.Audit;

/// <summary>Checks proofs as RFC 9162 writes it down (2.1.3.2 and 2.1.4.2), with nothing but the roots.</summary>
public static class MerkleProofs
{
    /// <summary>Whether the entry with this leaf hash is number <paramref name="index"/> of the log with that size and root.</summary>
    public static bool VerifyInclusion(MerkleHash leaf, long index, long size, ReadOnlySpan<MerkleHash> proof, MerkleHash root)
    {
        if (index < 0 || index >= size) return false;
        var (node, last, hash) = (index, size - 1, leaf);
        foreach (var sibling in proof)
        {
            if (last == 0) return false;
            if ((node & 1) == 1 || node == last)
            {
                hash = MerkleHash.Node(sibling, hash);
                while ((node & 1) == 0 && node != 0) (node, last) = (node >> 1, last >> 1);
            }
            else
            {
                hash = MerkleHash.Node(hash, sibling);
            }

            (node, last) = (node >> 1, last >> 1);
        }

        return last == 0 && hash == root;
    }

    /// <summary>Whether the log with the first size and root is the beginning of the one with the second.</summary>
    public static bool VerifyConsistency(long from, long to, MerkleHash fromRoot, MerkleHash toRoot, ReadOnlySpan<MerkleHash> proof)
    {
        if (from < 1 || from > to) return false;
        if (from == to) return proof.IsEmpty && fromRoot == toRoot;
        var isPower = (from & (from - 1)) == 0;
        if (proof.IsEmpty && !isPower) return false;

        // A complete subtree is its own first hash, which the proof therefore leaves out.
        var first = isPower ? fromRoot : proof[0];
        var rest = isPower ? proof : proof[1..];
        var (node, last) = (from - 1, to - 1);
        while ((node & 1) == 1) (node, last) = (node >> 1, last >> 1);
        var (older, newer) = (first, first);
        foreach (var hash in rest)
        {
            if (last == 0) return false;
            if ((node & 1) == 1 || node == last)
            {
                (older, newer) = (MerkleHash.Node(hash, older), MerkleHash.Node(hash, newer));
                while ((node & 1) == 0 && node != 0) (node, last) = (node >> 1, last >> 1);
            }
            else
            {
                newer = MerkleHash.Node(newer, hash);
            }

            (node, last) = (node >> 1, last >> 1);
        }

        return last == 0 && older == fromRoot && newer == toRoot;
    }
}
