using System.Security.Cryptography;
using System.Text;

namespace Platform.Core.Audit;

/// <summary>A checkpoint as it is stored and handed out: text, empty line, signature line.</summary>
public static class SignedCheckpoint
{
    /// <summary>The checkpoint if one of the keys signed exactly this note; null otherwise.</summary>
    public static Checkpoint? Open(string note, IEnumerable<CheckpointKey> trusted) =>
        SignedNote.Open(note, text => Checkpoint.Parse(text)?.Origin, trusted) is { } signed ? Checkpoint.Parse(signed) : null;

    /// <summary>By which the next checkpoint names this one.</summary>
    public static string Digest(string note) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(note)));
}
