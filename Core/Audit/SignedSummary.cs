using System.Globalization;
using System.Text.Json;

namespace Platform.Core.Audit;

/// <summary>
/// A chunk's summary as it is stored: signed by who wrote the chunk, and for this chunk alone, so that a search cannot be
/// led past an entry by whoever can write to the store.
/// </summary>
public static class SignedSummary
{
    private const string Name = "platform.audit.summary/v1";

    public static string ToText(AuditSummary summary, long chunk) =>
        $"{Name}\n{chunk.ToString(CultureInfo.InvariantCulture)}\n{JsonSerializer.Serialize(summary, PlatformJson.Options)}\n";

    public static string Sign(AuditSummary summary, long chunk, Func<string, string, string> sign) => sign(ToText(summary, chunk), Name);

    /// <summary>Null for anything but what a trusted key signed for this chunk.</summary>
    public static AuditSummary? Open(string note, long chunk, IEnumerable<CheckpointKey> trusted)
    {
        var head = $"{Name}\n{chunk.ToString(CultureInfo.InvariantCulture)}\n";
        return SignedNote.Open(note, text => text.StartsWith(head, StringComparison.Ordinal) ? Name : null, trusted) is { } signed
            ? JsonSerializer.Deserialize<AuditSummary>(signed.AsSpan(head.Length), PlatformJson.Options)
            : null;
    }
}
