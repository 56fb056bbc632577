using System.Text;

namespace Platform.Core.Audit;

/// <summary>Text with a signature below it, in the form of C2SP's signed-note: text, empty line, signature line.</summary>
public static class SignedNote
{
    private const string Separator = "\n\n\u2014 ";

    internal static string Of(string text, string name, byte[] signature) => $"{text}\n\u2014 {name} {Convert.ToBase64String(signature)}\n";

    /// <summary>The text if one of the keys signed exactly this note under that name; null otherwise.</summary>
    /// <param name="nameOf">Who must have signed, told from the text; null for a text that is not what it should be.</param>
    public static string? Open(string note, Func<string, string?> nameOf, IEnumerable<CheckpointKey> trusted)
    {
        var end = note.IndexOf(Separator, StringComparison.Ordinal);
        if (end < 0 || nameOf(note[..(end + 1)]) is not { } name) return null;
        var prefix = $"{name} ";
        var line = note[(end + Separator.Length)..];
        if (!line.StartsWith(prefix, StringComparison.Ordinal) || !line.EndsWith('\n')) return null;
        var encoded = line[prefix.Length..^1];
        var signature = new byte[encoded.Length];
        if (!Convert.TryFromBase64String(encoded, signature, out var bytes)) return null;
        // Base64 has spellings that decode alike; only one of them is this note.
        if (Convert.ToBase64String(signature, 0, bytes) != encoded) return null;
        var text = Encoding.UTF8.GetBytes(note[..(end + 1)]);
        Array.Resize(ref signature, bytes);
        return trusted.Any(key => key.IsNamedBy(signature) && key.Verifies(text, signature)) ? note[..(end + 1)] : null;
    }
}
