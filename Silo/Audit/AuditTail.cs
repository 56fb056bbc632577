using Platform.Core.Audit;
using Platform.SharedState.Audit;

namespace Platform.Silo.Audit;

/// <summary>The end of the log as its writer must know it, read from the store and carried on batch by batch.</summary>
internal sealed class AuditTail
{
    /// <summary>How far back a repeated entry is recognised, in chunks: 32,768 entries, 16 s of 2,000 a second.</summary>
    private const int RememberedChunks = 32;

    private readonly string origin;
    private readonly Queue<Guid> order = new();
    private readonly Dictionary<Guid, long> known = [];
    private MerkleFrontier tree = new();
    private MerkleFrontier chunk = new();
    private List<AuditEntry?> inChunk = [];
    private string? head;
    private string keptDigest = "";

    private AuditTail(string origin) => this.origin = origin;

    public long Size => tree.Size;

    public DateTimeOffset LastAt { get; private set; }

    /// <summary>Entries under the last checkpoint that was kept for good, and when that was.</summary>
    public (long Size, DateTimeOffset At) Kept { get; private set; }

    /// <exception cref="InvalidDataException">What the store holds is not what its head says, and what is wrong.</exception>
    public static async Task<AuditTail> ReadAsync(AuditStore store, AuditKeys keys, string origin)
    {
        var tail = new AuditTail(origin);
        tail.head = await store.ReadHeadAsync();
        var roots = await store.ReadRootsAsync();
        foreach (var root in roots) tail.tree.AppendSubtree(root, AuditStore.ChunkLevel);
        var leaves = await store.ReadLeavesAsync(roots.Length);
        foreach (var leaf in leaves) tail.tree.Append(leaf);
        foreach (var leaf in leaves) tail.chunk.Append(leaf);
        tail.Check(tail.head, keys);
        for (var i = Math.Max(0, roots.Length - RememberedChunks); i <= roots.Length; i++)
        {
            var entries = await store.ReadEntriesAsync(i);
            for (var at = 0; at < entries.Length; at++) tail.Remember(AuditEncoding.IdOf(entries[at]), ((long)i << AuditStore.ChunkLevel) + at);
            if (i < roots.Length) continue;
            if (entries.Length != leaves.Length) throw new InvalidDataException($"The last chunk has {entries.Length} entries and {leaves.Length} hashes of entries.");
            tail.inChunk = [.. entries.Select(entry => AuditEncoding.Decode(entry))];
        }

        if (await store.ReadLastCheckpointAsync() is not { } kept) return tail;
        var opened = keys.Open(kept) ?? throw new InvalidDataException("The last checkpoint that was kept is not signed by a trusted key.");
        (tail.keptDigest, tail.Kept) = (SignedCheckpoint.Digest(kept), (opened.Size, opened.At));
        return tail;
    }

    public bool Has(AuditEntry entry) => known.ContainsKey(entry.Id);

    /// <summary>The number of an entry that was appended of late.</summary>
    public long? IndexOf(AuditEntry entry) => known.TryGetValue(entry.Id, out var index) ? index : null;

    /// <summary>How many entries go into the chunk that is being filled.</summary>
    public int Room => AuditStore.ChunkEntries - inChunk.Count;

    /// <summary>What to write so that these follow; they must fit into the chunk.</summary>
    public AuditBatch Next(IReadOnlyList<AuditEntry> entries, DateTimeOffset now, AuditKeys keys, Func<long, bool> isDue)
    {
        var (bytes, leaves, whole, part) = (new List<byte[]>(), new List<MerkleHash>(), tree.Copy(), chunk.Copy());
        foreach (var entry in entries)
        {
            bytes.Add(AuditEncoding.Encode(entry));
            leaves.Add(MerkleHash.Leaf(bytes[^1]));
            whole.Append(leaves[^1]);
            part.Append(leaves[^1]);
        }

        var note = keys.Sign(new Checkpoint(origin, whole.Size, whole.Root, now, keptDigest));
        return new(head, Size, bytes, leaves, note, isDue(whole.Size),
            part.Size == AuditStore.ChunkEntries ? (part.Root, SignedSummary.Sign(AuditSummary.Of([.. inChunk, .. entries]), Size >> AuditStore.ChunkLevel, keys.Sign)) : null);
    }

    /// <summary>Keeps the present head for good, without an entry.</summary>
    public AuditBatch Keep() => new(head, Size, [], [], head!, Keep: true, Completed: null);

    /// <summary>Adopts what was written.</summary>
    public void Adopt(AuditBatch batch, IReadOnlyList<AuditEntry> entries, DateTimeOffset now)
    {
        foreach (var leaf in batch.Leaves)
        {
            tree.Append(leaf);
            chunk.Append(leaf);
        }

        for (var i = 0; i < entries.Count; i++) Remember(entries[i].Id, batch.Start + i);
        inChunk.AddRange(entries);
        head = batch.Head;
        if (batch.Entries.Count > 0) LastAt = now;
        if (batch.Keep) (keptDigest, Kept) = (SignedCheckpoint.Digest(batch.Head), (Size, now));
        if (batch.Completed is not null) (chunk, inChunk) = (new(), []);
    }

    private void Check(string? note, AuditKeys keys)
    {
        if (note is null)
        {
            if (Size > 0) throw new InvalidDataException($"There are {Size} entries and no head.");
            return;
        }

        var opened = keys.Open(note) ?? throw new InvalidDataException("The head is not signed by a trusted key.");
        if (opened.Size != Size || opened.Root != tree.Root)
            throw new InvalidDataException($"The head vouches for {opened.Size} entries; the {Size} hashes that are there give another root.");
        LastAt = opened.At;
    }

    private void Remember(Guid? id, long index)
    {
        if (id is not { } given || !known.TryAdd(given, index)) return;
        order.Enqueue(given);
        if (order.Count > RememberedChunks * AuditStore.ChunkEntries) known.Remove(order.Dequeue());
    }
}
