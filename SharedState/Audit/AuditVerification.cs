using Platform.Core.Audit;

namespace Platform.SharedState.Audit;

/// <summary>Reads the whole log once, chunk by chunk, and holds it against the checkpoints.</summary>
public sealed class AuditVerification(AuditStore store, AuditKeys keys)
{
    /// <param name="known">Entries that the log is known to have had; with fewer it was cut.</param>
    public async Task<LogVerdict> RunAsync(long known, CancellationToken cancellation)
    {
        var (head, kept) = await store.ReadHeadAndCheckpointsAsync();
        var size = head is null ? 0 : keys.Open(head)?.Size ?? 0;
        IEnumerable<string> notes = head is null || kept is [.., var last] && last == head ? kept : [.. kept, head];
        var verifier = new LogVerifier(notes, keys.Open);
        var next = ReadAsync(0);
        for (var chunk = 0L; ; chunk++)
        {
            cancellation.ThrowIfCancellationRequested();
            var (entries, leaves) = await next;
            var start = chunk * AuditStore.ChunkEntries;
            var expected = (int)Math.Clamp(size - start, 0, AuditStore.ChunkEntries);
            // The next chunk is on its way while this one is looked at.
            if (expected == AuditStore.ChunkEntries) next = ReadAsync(chunk + 1);
            // What was appended meanwhile has a head of its own by now; what has none was put there by somebody else.
            var count = entries.Length is > 0 and <= AuditStore.ChunkEntries && entries.Length > expected && await IsCoveredAsync(start + entries.Length) ? expected : entries.Length;
            for (var i = 0; i < count; i++) verifier.Add(entries[i], i < leaves.Length ? leaves[i] : default(MerkleHash));
            if (count != AuditStore.ChunkEntries || expected != count) break;
        }

        var verdict = verifier.End();
        return verdict.Valid && verdict.Entries < known
            ? new(false, verdict.Entries, verdict.Entries, $"The log had {known} entries before.")
            : verdict;
    }

    private async Task<(byte[][] Entries, MerkleHash[] Leaves)> ReadAsync(long chunk)
    {
        var (entries, leaves) = (store.ReadEntriesAsync(chunk), store.ReadLeavesAsync(chunk));
        return (await entries, await leaves);
    }

    private async Task<bool> IsCoveredAsync(long size) =>
        await store.ReadHeadAsync() is { } head && keys.Open(head) is { } checkpoint && checkpoint.Size >= size;
}
