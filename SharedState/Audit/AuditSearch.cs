using System.Collections.Immutable;
using Microsoft.Extensions.Options;
using Platform.Core.Audit;

namespace Platform.SharedState.Audit;

/// <summary>An entry as it stands in the log.</summary>
/// <param name="Index">Its number, from 0.</param>
/// <param name="Entry">Null if the bytes are none of ours: somebody changed them.</param>
public sealed record FoundEntry(long Index, AuditEntry? Entry);

/// <param name="Next">Where to go on; null at the beginning of the log.</param>
public sealed record AuditPage(ImmutableArray<FoundEntry> Items, long? Next);

/// <summary>
/// Goes through the log from its end and leaves out chunks that hold nothing of what is asked for. A call reads at most
/// <see cref="AuditOptions.SearchEntries"/>; the page then ends early, perhaps without an item, and says where to go on.
/// </summary>
public sealed class AuditSearch(AuditStore store, AuditKeys keys, IOptions<AuditOptions> options)
{
    private readonly int maxChunks = options.Value.SearchEntries / AuditStore.ChunkEntries;
    private volatile AuditSummary?[] summaries = [];

    /// <param name="before">Only entries before that number; null for the whole log.</param>
    public async Task<AuditPage> FindAsync(AuditFilter filter, int count, long? before, CancellationToken cancellation)
    {
        var size = await store.ReadHeadAsync() is { } head ? keys.Open(head)?.Size ?? 0 : 0;
        var known = await SummariesAsync();
        var found = ImmutableArray.CreateBuilder<FoundEntry>();
        var end = Math.Min(before ?? size, size);
        for (var read = 0; end > 0; end = ChunkOf(end) << AuditStore.ChunkLevel)
        {
            var chunk = ChunkOf(end);
            var summary = chunk < known.Length ? known[chunk] : null;
            // Times never go back in the log, so nothing further down can match either.
            if (summary is not null && filter.From > summary.LastAt) return new(found.ToImmutable(), null);
            if (summary is not null && !filter.MayMatch(summary)) continue;
            if (++read > maxChunks) return new(found.ToImmutable(), end);
            var entries = await store.ReadEntriesAsync(chunk);
            var start = (long)chunk << AuditStore.ChunkLevel;
            for (var i = Math.Min(end - start, entries.Length) - 1; i >= 0; i--)
            {
                var entry = AuditEncoding.Decode(entries[i]);
                if (entry is not null && !filter.Matches(entry)) continue;
                found.Add(new(start + i, entry));
                if (found.Count == count) return new(found.ToImmutable(), start + i > 0 ? start + i : null);
            }

            cancellation.ThrowIfCancellationRequested();
        }

        return new(found.ToImmutable(), null);
    }

    /// <summary>The entry of that number; null if there is none.</summary>
    public async Task<byte[]?> ReadAsync(long index)
    {
        var entries = await store.ReadEntriesAsync(index >> AuditStore.ChunkLevel);
        var offset = (int)(index & (AuditStore.ChunkEntries - 1));
        return offset < entries.Length ? entries[offset] : null;
    }

    private static int ChunkOf(long end) => (int)((end - 1) >> AuditStore.ChunkLevel);

    /// <summary>Those of complete chunks never change, so only new ones are read; two callers at once read them twice.</summary>
    private async Task<AuditSummary?[]> SummariesAsync()
    {
        var known = summaries;
        var fresh = await store.ReadSummariesAsync(known.Length);
        return fresh.Count == 0
            ? known
            // What no trusted key signed says nothing, so the chunk itself is read.
            : summaries = [.. known, .. fresh.Select((note, i) => SignedSummary.Open(note, known.Length + i, keys.Trusted))];
    }
}
