using Platform.Core.Audit;
using StackExchange.Redis;

namespace Platform.SharedState.Audit;

/// <summary>
/// The log in Redis: lists of 1,024 entries, beside each a list of their leaf hashes, and one head that covers
/// everything. The head is the log: what no head covers was never written.
/// </summary>
public sealed class AuditStore(IConnectionMultiplexer redis)
{
    /// <summary>A chunk is a complete subtree of this level.</summary>
    public const int ChunkLevel = 10;
    public const int ChunkEntries = 1 << ChunkLevel;

    private IDatabase Database => redis.GetDatabase();

    /// <summary>
    /// Appends if the log still is as expected: compared and written in one transaction, which Redis and Garnet carry
    /// out, and recover after a crash, as a whole. Lua would do on Redis; Garnet lets two scripts interleave.
    /// </summary>
    /// <returns>Whether it was written; if not, somebody else has written.</returns>
    public async Task<bool> TryAppendAsync(AuditBatch batch)
    {
        var (chunk, offset) = (batch.Start >> ChunkLevel, batch.Start & (ChunkEntries - 1));
        if (offset + batch.Entries.Count > ChunkEntries) throw new ArgumentException("A batch ends with its chunk at the latest.", nameof(batch));
        var transaction = Database.CreateTransaction();
        transaction.AddCondition(batch.Expected is null
            ? Condition.KeyNotExists(Keys.AuditHead)
            : Condition.StringEqual(Keys.AuditHead, batch.Expected));
        transaction.AddCondition(Condition.ListLengthEqual(Keys.AuditEntries(chunk), offset));
        List<Task> replies = [transaction.StringSetAsync(Keys.AuditHead, batch.Head)];
        if (batch.Entries.Count > 0)
        {
            replies.Add(transaction.ListRightPushAsync(Keys.AuditEntries(chunk), [.. batch.Entries.Select(entry => (RedisValue)entry)]));
            replies.Add(transaction.ListRightPushAsync(Keys.AuditLeaves(chunk), [.. batch.Leaves.Select(leaf => (RedisValue)leaf.ToArray())]));
        }

        if (batch.Completed is var (root, summary))
        {
            replies.Add(transaction.ListRightPushAsync(Keys.AuditRoots, root.ToArray()));
            replies.Add(transaction.ListRightPushAsync(Keys.AuditSummaries, summary));
        }

        if (batch.Keep) replies.Add(transaction.ListRightPushAsync(Keys.AuditCheckpoints, batch.Head));
        if (!await transaction.ExecuteAsync()) return false;
        await Task.WhenAll(replies);
        return true;
    }

    /// <summary>The signed checkpoint over everything; null if the log has no entry yet.</summary>
    public async Task<string?> ReadHeadAsync() => await Database.StringGetAsync(Keys.AuditHead);

    /// <summary>The head and the checkpoints that are kept, as they were at one moment.</summary>
    public async Task<(string? Head, IReadOnlyList<string> Kept)> ReadHeadAndCheckpointsAsync()
    {
        var transaction = Database.CreateTransaction();
        var head = transaction.StringGetAsync(Keys.AuditHead);
        var kept = transaction.ListRangeAsync(Keys.AuditCheckpoints);
        await transaction.ExecuteAsync();
        return (await head, [.. (await kept).Select(value => (string)value!)]);
    }

    /// <summary>A chunk's entries; as many as there are.</summary>
    public async Task<byte[][]> ReadEntriesAsync(long chunk) =>
        [.. (await Database.ListRangeAsync(Keys.AuditEntries(chunk))).Select(value => (byte[])value!)];

    public async Task<MerkleHash[]> ReadLeavesAsync(long chunk) => ToHashes(await Database.ListRangeAsync(Keys.AuditLeaves(chunk)));

    /// <summary>The roots of the complete chunks.</summary>
    public async Task<MerkleHash[]> ReadRootsAsync() => ToHashes(await Database.ListRangeAsync(Keys.AuditRoots));

    /// <summary>The summaries of the complete chunks, signed, from that chunk on; an empty one was forgotten.</summary>
    public async Task<IReadOnlyList<string>> ReadSummariesAsync(int from) =>
        [.. (await Database.ListRangeAsync(Keys.AuditSummaries, from)).Select(value => (string)value!)];

    /// <summary>Empties the summary of a chunk; a search then reads the chunk itself.</summary>
    public Task ForgetSummaryAsync(int chunk) => Database.ListSetByIndexAsync(Keys.AuditSummaries, chunk, "");

    public async Task<string?> ReadLastCheckpointAsync() => await Database.ListGetByIndexAsync(Keys.AuditCheckpoints, -1);

    // A hash of another length is none; it stands for itself as something that compares with nothing.
    private static MerkleHash[] ToHashes(RedisValue[] values) =>
        [.. values.Select(value => (byte[])value!).Select(bytes => bytes.Length == MerkleHash.Bytes ? MerkleHash.Read(bytes) : default)];
}
