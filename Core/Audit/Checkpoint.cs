using System.Globalization;

namespace Platform.Core.Audit;

/// <summary>What the log's owner vouches for: that the log had this many entries with this root at this time.</summary>
/// <param name="Origin">Names the log.</param>
/// <param name="Previous">SHA-256 of the signed checkpoint that was kept last before this; empty for the first.</param>
public sealed record Checkpoint(string Origin, long Size, MerkleHash Root, DateTimeOffset At, string Previous)
{
    private const string TimeLabel = "time ";
    private const string PreviousLabel = "previous ";

    /// <summary>The text that is signed: C2SP's tlog-checkpoint (origin, size, root), and our two lines after it.</summary>
    public string ToText() =>
        $"{Origin}\n{Size.ToString(CultureInfo.InvariantCulture)}\n{Convert.ToBase64String(Root.ToArray())}\n" +
        $"{TimeLabel}{AuditEncoding.FormatTime(At)}\n{PreviousLabel}{(Previous.Length == 0 ? "-" : Previous)}\n";

    /// <summary>The checkpoint of that text; null if it is not exactly as <see cref="ToText"/> writes it.</summary>
    public static Checkpoint? Parse(string text)
    {
        Span<byte> root = stackalloc byte[MerkleHash.Bytes];
        if (text.Split('\n') is not [var origin, var size, var hash, var time, var previous, ""]) return null;
        if (!long.TryParse(size, NumberStyles.None, CultureInfo.InvariantCulture, out var entries)) return null;
        if (!Convert.TryFromBase64String(hash, root, out var bytes) || bytes != MerkleHash.Bytes) return null;
        if (!time.StartsWith(TimeLabel, StringComparison.Ordinal) || !previous.StartsWith(PreviousLabel, StringComparison.Ordinal)) return null;
        if (!DateTimeOffset.TryParse(time[TimeLabel.Length..], CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var at)) return null;
        var before = previous[PreviousLabel.Length..];
        var checkpoint = new Checkpoint(origin, entries, MerkleHash.Read(root), at, before is "-" ? "" : before);
        return checkpoint.ToText() == text ? checkpoint : null;
    }
}
