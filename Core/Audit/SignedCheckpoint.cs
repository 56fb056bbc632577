using System.Security.Cryptography;
using System.Text;

namespace Platform.Core.Audit;

/// <summary>A checkpoint as it is stored and handed out: text, empty line, signature line.</summary>
public static class SignedCheckpoint
{
    private const string Separator = "\n\n\u2014 ";

    /// <summary>The checkpoint if one of the keys signed exactly this note; null otherwise.</summary>
    public static Checkpoint? Open(string note, IEnumerable<CheckpointKey> trusted)
    {
        var end = note.IndexOf(Separator, StringComparison.Ordinal);
        if (end < 0 || Checkpoint.Parse(note[..(end + 1)]) is not { } checkpoint) return null;
        var prefix = $"{checkpoint.Origin} ";
        var line = note[(end + Separator.Length)..];
        if (!line.StartsWith(prefix, StringComparison.Ordinal) || !line.EndsWith('\n')) return null;
        var encoded = line[prefix.Length..^1];
        var signature = new byte[encoded.Length];
        if (!Convert.TryFromBase64String(encoded, signature, out var bytes)) return null;
        // Base64 has spellings that decode alike; only one of them is this note.
        if (Convert.ToBase64String(signature, 0, bytes) != encoded) return null;
        var text = Encoding.UTF8.GetBytes(note[..(end + 1)]);
        Array.Resize(ref signature, bytes);
        return trusted.Any(key => key.IsNamedBy(signature) && key.Verifies(text, signature)) ? checkpoint : null;
    }

    /// <summary>By which the next checkpoint names this one.</summary>
    public static string Digest(string note) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(note)));
}
