using Platform.Core.Audit;

namespace Platform.SharedState.Audit;

/// <summary>Entries that are written together, all in one chunk. Without any, only the present head is kept for good.</summary>
/// <param name="Expected">The head that the log must have for this to be written; null for a log that has none yet.</param>
/// <param name="Start">Entries that the log has before.</param>
/// <param name="Head">The signed checkpoint over all, these included.</param>
/// <param name="Keep">Whether that checkpoint is kept for good.</param>
/// <param name="Completed">Root of the chunk and its signed summary, if these fill it.</param>
public sealed record AuditBatch(
    string? Expected,
    long Start,
    IReadOnlyList<byte[]> Entries,
    IReadOnlyList<MerkleHash> Leaves,
    string Head,
    bool Keep,
    (MerkleHash Root, string Summary)? Completed);
