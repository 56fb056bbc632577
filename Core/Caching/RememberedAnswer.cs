using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace Platform.Core.Caching;

/// <summary>An answer without its id, which is every request's own.</summary>
/// <param name="Before">Its bytes up to the id's value.</param>
/// <param name="After">Its bytes from behind it.</param>
/// <param name="JsonBytes">How many of them are JSON; null when all are.</param>
/// <param name="At">When it was computed.</param>
public sealed record RememberedAnswer(byte[] Before, byte[] After, int? JsonBytes, DateTimeOffset At)
{
    public int Bytes => Before.Length + After.Length;

    /// <summary>Takes the id out; null when there is none to be found.</summary>
    public static RememberedAnswer? TryTake(ReadOnlySpan<byte> answer, int? headerLength, DateTimeOffset now)
    {
        var json = new Utf8JsonReader(answer[..(headerLength ?? answer.Length)]);
        try
        {
            json.Read();
            while (json.Read() && json.TokenType == JsonTokenType.PropertyName)
            {
                var isId = json.ValueTextEquals("id"u8);
                json.Read();
                if (!isId) json.Skip();
                else return json.TokenType == JsonTokenType.String ? Cut(answer, headerLength, (int)json.TokenStartIndex, (int)json.BytesConsumed, now) : null;
            }
        }
        catch (JsonException)
        {
            // No answer of ours; it is passed on and not remembered.
        }

        return null;
    }

    /// <summary>The answer for a request of that id, and how many of its bytes are JSON.</summary>
    public (byte[] Body, int? JsonBytes) For(string id)
    {
        var text = Encoding.UTF8.GetBytes('"' + JavaScriptEncoder.UnsafeRelaxedJsonEscaping.Encode(id) + '"');
        return ([.. Before, .. text, .. After], JsonBytes + text.Length);
    }

    private static RememberedAnswer Cut(ReadOnlySpan<byte> answer, int? headerLength, int start, int end, DateTimeOffset now) =>
        new(answer[..start].ToArray(), answer[end..].ToArray(), headerLength - (end - start), now);
}
