using System.Collections.Immutable;

namespace Platform.Core.Audit;

/// <summary>What a verification came to.</summary>
/// <param name="Entries">How many entries there were to look at.</param>
/// <param name="FirstBad">Number of the first entry that nobody vouches for; null if all is well.</param>
/// <param name="Reason">What is wrong.</param>
public sealed record LogVerdict(bool Valid, long Entries, long? FirstBad, string? Reason);

/// <summary>
/// Goes through a log once, from its first entry, and compares the tree with every checkpoint as it comes to its size.
/// The last checkpoint must cover the last entry, so that neither can go without the other.
/// </summary>
public sealed class LogVerifier
{
    private readonly ImmutableArray<Checkpoint> checkpoints;
    private readonly MerkleFrontier tree = new();
    private int next;
    private long vouched;
    private long? firstBad;
    private string? reason;
    private bool isKept = true;
    private Checkpoint? witness;

    /// <param name="notes">The signed checkpoints, oldest first.</param>
    /// <param name="open">Gives the checkpoint of a note that a trusted key signed, else null.</param>
    /// <param name="witness">A checkpoint that was kept elsewhere; the log must begin with what it covers.</param>
    public LogVerifier(IEnumerable<string> notes, Func<string, Checkpoint?> open, Checkpoint? witness = null)
    {
        this.witness = witness;
        var opened = ImmutableArray.CreateBuilder<Checkpoint>();
        var previous = "";
        foreach (var note in notes)
        {
            var last = opened.Count > 0 ? opened[^1] : null;
            if (open(note) is not { } checkpoint) Blame(last?.Size ?? 0, $"The signature of checkpoint {opened.Count} is not valid.");
            else if (checkpoint.Previous != previous) Blame(last?.Size ?? 0, $"Before checkpoint {opened.Count} another is missing.");
            else if (last is not null && (checkpoint.Size < last.Size || checkpoint.At < last.At || checkpoint.Origin != last.Origin))
                Blame(last.Size, $"Checkpoint {opened.Count} does not follow the one before.");
            else opened.Add(checkpoint);
            if (reason is not null) break;
            previous = SignedCheckpoint.Digest(note);
        }

        checkpoints = opened.ToImmutable();
        Compare();
    }

    /// <summary>The next entry.</summary>
    /// <param name="kept">The leaf hash that the store keeps beside it, which tells which entry it is that was changed.</param>
    public void Add(ReadOnlySpan<byte> entry, MerkleHash? kept = null)
    {
        var leaf = MerkleHash.Leaf(entry);
        isKept &= kept is not null;
        if (kept is { } hash && hash != leaf) Blame(tree.Size, "The entry is not the one that was written.");
        tree.Append(leaf);
        Compare();
    }

    public LogVerdict End()
    {
        // Where entries are missing is known only if each that is left is known to be in its place.
        if (next < checkpoints.Length && !(firstBad < tree.Size)) Blame(isKept ? tree.Size : vouched, $"The log ends before the {checkpoints[next].Size} entries that a checkpoint vouches for.");
        if (witness is not null) Blame(tree.Size, $"The log ends before the {witness.Size} entries of the checkpoint that was kept elsewhere.");
        if (vouched < tree.Size && firstBad is null) Blame(vouched, "No checkpoint vouches for the last entries.");
        return new(reason is null, tree.Size, firstBad, reason);
    }

    private void Compare()
    {
        if (witness?.Size == tree.Size)
        {
            if (witness.Root != tree.Root && firstBad is null) Blame(0, $"The first {tree.Size} entries are not those of the checkpoint that was kept elsewhere.");
            witness = null;
        }

        for (; next < checkpoints.Length && checkpoints[next].Size == tree.Size; next++)
        {
            // An entry that is blamed already is the cause; without one, all since the last good checkpoint are in doubt.
            var isExplained = firstBad < tree.Size;
            if (checkpoints[next].Root == tree.Root && !isExplained) vouched = tree.Size;
            else if (!isExplained) Blame(vouched, $"The first {tree.Size} entries are not those that a checkpoint vouches for.");
        }
    }

    private void Blame(long entry, string why)
    {
        if (reason is null || entry < firstBad) (firstBad, reason) = (entry, why);
    }
}
