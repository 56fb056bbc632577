using System.Diagnostics.CodeAnalysis;
using System.Text.Json;

namespace Platform.Formats.Jsonl;

internal static class JsonText
{
    /// <summary>A string's text; false where it escapes half a surrogate pair, which is no text.</summary>
    public static bool TryGet(ref Utf8JsonReader json, [NotNullWhen(true)] out string? text)
    {
        text = null;
        try
        {
            text = json.GetString();
        }
        catch (InvalidOperationException)
        {
            return false;
        }

        return text is not null;
    }
}
