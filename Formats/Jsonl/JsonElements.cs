using System.Text;
using System.Text.Json;
using Platform.Core.Tensors;
using Platform.Formats.Items;

namespace Platform.Formats.Jsonl;

/// <summary>One JSON value as an element of a tensor.</summary>
internal static class JsonElements
{
    /// <summary>Where the bytes of a BYTES element are no text: <c>{"b64": "…"}</c>.</summary>
    public static ReadOnlySpan<byte> Base64 => "b64"u8;

    /// <param name="json">At the value; afterwards at its end.</param>
    /// <returns>Why it is no such element; null where it was added.</returns>
    public static string? Add(ref Utf8JsonReader json, ElementBuffer to, FormatLimits limits) => json.TokenType switch
    {
        JsonTokenType.Number when to.Datatype is not (Datatype.Bytes or Datatype.Bool) => ElementText.Add(to, json.ValueSpan, limits),
        JsonTokenType.True or JsonTokenType.False when to.Datatype is Datatype.Bool => ElementText.Add(to, json.ValueSpan, limits),
        JsonTokenType.String when to.Datatype is Datatype.Bytes => Text(ref json, to),
        JsonTokenType.StartObject when to.Datatype is Datatype.Bytes => Encoded(ref json, to),
        // JSON has no literals for these.
        JsonTokenType.String when to.Datatype.IsFloat() && IsNotFinite(ref json) => ElementText.Add(to, json.ValueSpan, limits),
        JsonTokenType.Null => $"It is null; the model takes {to.Datatype.Name()}.",
        _ => $"{Kind(json.TokenType)} is no {to.Datatype.Name()}.",
    };

    private static string? Text(ref Utf8JsonReader json, ElementBuffer to)
    {
        if (!json.ValueIsEscaped)
        {
            to.AddBytes(json.ValueSpan);
            return null;
        }

        if (!JsonText.TryGet(ref json, out var text)) return "It escapes half a surrogate pair, which is no text.";
        to.AddBytes(Encoding.UTF8.GetBytes(text));
        return null;
    }

    private static string? Encoded(ref Utf8JsonReader json, ElementBuffer to)
    {
        const string Form = "An object in BYTES must be {\"b64\": \"<base64>\"}.";
        if (!json.Read() || json.TokenType is not JsonTokenType.PropertyName || !json.ValueTextEquals(Base64)) return Form;
        if (!json.Read() || json.TokenType is not JsonTokenType.String || !json.TryGetBytesFromBase64(out var bytes)) return Form;
        to.AddBytes(bytes);
        return json.Read() && json.TokenType is JsonTokenType.EndObject ? null : Form;
    }

    private static bool IsNotFinite(ref Utf8JsonReader json) =>
        json.ValueTextEquals("NaN"u8) || json.ValueTextEquals("Infinity"u8) || json.ValueTextEquals("-Infinity"u8);

    private static string Kind(JsonTokenType token) => token switch
    {
        JsonTokenType.String => "A string",
        JsonTokenType.Number => "A number",
        JsonTokenType.True or JsonTokenType.False => "A boolean",
        _ => "An object",
    };
}
