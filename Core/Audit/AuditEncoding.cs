using System.Buffers;
using System.Buffers.Text;
using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace Platform.Core.Audit;

/// <summary>
/// An entry as the bytes that are hashed, stored and exported: one line of JSON, its fields always in this order, none
/// of them null. The bytes are the entry; they are never written again from what was read.
/// </summary>
public static class AuditEncoding
{
    public const int Version = 1;

    /// <summary>Longer texts are cut, so that nobody can blow the log up.</summary>
    public const int MaxTextChars = 256;

    private const string TimeFormat = "yyyy-MM-ddTHH:mm:ss.fffffffZ";
    private const int GuidChars = 36;

    private static readonly byte[] Head = """{"v":1,"id":" """.TrimEnd().Select(c => (byte)c).ToArray();

    // ASCII only on the wire, so that no encoder's idea of what is printable can change the bytes.
    private static readonly JsonWriterOptions Plain = new() { Encoder = JavaScriptEncoder.Default };

    public static byte[] Encode(AuditEntry entry)
    {
        var bytes = new ArrayBufferWriter<byte>(512);
        using (var json = new Utf8JsonWriter(bytes, Plain))
        {
            json.WriteStartObject();
            json.WriteNumber("v", Version);
            json.WriteString("id", entry.Id);
            json.WriteString("at", FormatTime(entry.At));
            json.WriteString("phase", Text(entry.Phase));
            Write(json, "actor", entry.Actor);
            Write(json, "action", entry.Action);
            Write(json, "key_id", entry.KeyId);
            Write(json, "resource", entry.Resource);
            Write(json, "address", entry.Address);
            if (entry.Status is { } status) json.WriteNumber("status", status);
            Write(json, "reason", entry.Reason);
            Write(json, "body_sha256", entry.BodySha256);
            Write(json, "before", entry.Before);
            Write(json, "after", entry.After);
            Write(json, "request_id", entry.RequestId);
            Write(json, "trace_id", entry.TraceId);
            if (entry.Count is { } count) json.WriteNumber("count", count);
            json.WriteEndObject();
        }

        return bytes.WrittenSpan.ToArray();
    }

    /// <summary>The entry that these bytes are; null if they are none of ours.</summary>
    public static AuditEntry? Decode(ReadOnlySpan<byte> bytes)
    {
        try
        {
            var reader = new Utf8JsonReader(bytes);
            using var json = JsonDocument.ParseValue(ref reader);
            var root = json.RootElement;
            return root.GetProperty("v").GetInt32() == Version ? Read(root) : null;
        }
        catch (Exception e) when (e is JsonException or KeyNotFoundException or FormatException or InvalidOperationException or ArgumentException)
        {
            return null;
        }
    }

    /// <summary>The id alone, without reading the rest; null if the bytes do not begin as ours do.</summary>
    public static Guid? IdOf(ReadOnlySpan<byte> bytes) =>
        bytes.StartsWith(Head) && Utf8Parser.TryParse(bytes[Head.Length..Math.Min(bytes.Length, Head.Length + GuidChars)], out Guid id, out _) ? id : null;

    public static string FormatTime(DateTimeOffset time) => time.UtcDateTime.ToString(TimeFormat, CultureInfo.InvariantCulture);

    private static AuditEntry Read(JsonElement root) => new(
        root.GetProperty("id").GetGuid(),
        root.GetProperty("at").GetDateTimeOffset(),
        Enum.Parse<AuditPhase>(root.GetProperty("phase").GetString()!, ignoreCase: true),
        root.GetProperty("actor").GetString()!,
        root.GetProperty("action").GetString()!,
        String(root, "key_id"),
        String(root, "resource"),
        String(root, "address"),
        root.TryGetProperty("status", out var status) ? status.GetInt32() : null,
        String(root, "reason"),
        String(root, "body_sha256"),
        String(root, "before"),
        String(root, "after"),
        String(root, "request_id"),
        String(root, "trace_id"),
        root.TryGetProperty("count", out var count) ? count.GetInt64() : null);

    private static string? String(JsonElement root, string name) => root.TryGetProperty(name, out var value) ? value.GetString() : null;

    private static void Write(Utf8JsonWriter json, string name, string? text)
    {
        if (text is not null) json.WriteString(name, text.Length <= MaxTextChars ? text : text[..MaxTextChars]);
    }

    private static string Text(AuditPhase phase) => phase switch
    {
        AuditPhase.Asked => "asked",
        AuditPhase.Answered => "answered",
        AuditPhase.Counted => "counted",
        _ => throw new ArgumentOutOfRangeException(nameof(phase), phase, "A phase without a word."),
    };
}
