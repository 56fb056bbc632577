using System.Collections.Immutable;
using Platform.Core.Audit;

namespace Platform.SharedState.Audit;

/// <summary>The hashes that proofs are made of, from the roots of complete chunks and the leaves of at most a few.</summary>
public sealed class AuditProofs(AuditStore store)
{
    public Task<ImmutableArray<MerkleHash>> InclusionAsync(long index, long size) => HashesAsync(MerkleRange.Inclusion(index, size));

    public Task<ImmutableArray<MerkleHash>> ConsistencyAsync(long from, long to) => HashesAsync(MerkleRange.Consistency(from, to));

    public async Task<MerkleHash> RootAsync(long size) =>
        size == 0 ? MerkleHash.Empty : (await HashesAsync([new MerkleRange(0, size)]))[0];

    private async Task<ImmutableArray<MerkleHash>> HashesAsync(IEnumerable<MerkleRange> ranges)
    {
        var (roots, leaves) = (await store.ReadRootsAsync(), new Dictionary<long, MerkleHash[]>());
        var hashes = ImmutableArray.CreateBuilder<MerkleHash>();
        foreach (var range in ranges) hashes.Add(await RootAsync(range, roots, leaves));
        return hashes.ToImmutable();
    }

    private async Task<MerkleHash> RootAsync(MerkleRange range, MerkleHash[] roots, Dictionary<long, MerkleHash[]> leaves)
    {
        if (range.Count > AuditStore.ChunkEntries)
        {
            var split = MerkleRange.Split(range.Count);
            return MerkleHash.Node(
                await RootAsync(new(range.Start, split), roots, leaves),
                await RootAsync(new(range.Start + split, range.Count - split), roots, leaves));
        }

        var (chunk, offset) = (range.Start >> AuditStore.ChunkLevel, (int)(range.Start & (AuditStore.ChunkEntries - 1)));
        if (range.Count == AuditStore.ChunkEntries && chunk < roots.Length) return roots[chunk];
        if (!leaves.TryGetValue(chunk, out var known)) leaves[chunk] = known = await store.ReadLeavesAsync(chunk);
        if (known.Length < offset + range.Count) throw new InvalidDataException($"Chunk {chunk} of the audit log lacks hashes; verify the log.");
        var tree = new MerkleFrontier();
        foreach (var leaf in known.AsSpan(offset, (int)range.Count)) tree.Append(leaf);
        return tree.Root;
    }
}
