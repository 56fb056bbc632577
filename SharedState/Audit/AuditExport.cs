using System.Runtime.CompilerServices;
using Platform.Core.Audit;

namespace Platform.SharedState.Audit;

/// <summary>The log as lines that <see cref="ExportedLog"/> reads: each entry's own bytes, each checkpoint after the last entry it covers.</summary>
public sealed class AuditExport(AuditStore store, AuditKeys keys)
{
    public async IAsyncEnumerable<ReadOnlyMemory<byte>> LinesAsync([EnumeratorCancellation] CancellationToken cancellation)
    {
        var (head, kept) = await store.ReadHeadAndCheckpointsAsync();
        if (head is null) yield break;
        var notes = new Queue<string>(kept is [.., var last] && last == head ? kept : [.. kept, head]);
        var size = keys.Open(head)?.Size ?? 0;
        for (var index = 0L; index < size;)
        {
            var entries = await store.ReadEntriesAsync(index >> AuditStore.ChunkLevel);
            var count = (int)Math.Min(entries.Length, size - index);
            for (var i = 0; i < count; i++)
            {
                yield return entries[i];
                index++;
                while (notes.TryPeek(out var note) && SizeOf(note) <= index) yield return ExportedLog.ToLine(notes.Dequeue());
            }

            cancellation.ThrowIfCancellationRequested();
            // Entries are missing; the checkpoints that follow tell whoever verifies.
            if (count < Math.Min(AuditStore.ChunkEntries, size - index + count)) break;
        }

        foreach (var note in notes) yield return ExportedLog.ToLine(note);
    }

    // One that cannot be read is handed out all the same: the reader is to see it.
    private long SizeOf(string note) => keys.Open(note)?.Size ?? 0;
}
