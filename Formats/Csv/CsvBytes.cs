using System.Buffers.Text;
using System.Text;
using System.Text.Unicode;
using Platform.Formats.Items;

namespace Platform.Formats.Csv;

/// <summary>Elements of BYTES in a field: their text, or <c>base64:…</c> where they are none, or begin like this themselves.</summary>
internal static class CsvBytes
{
    private static ReadOnlySpan<byte> Prefix => "base64:"u8;

    /// <summary>The field that holds the element.</summary>
    public static ReadOnlySpan<byte> ToField(ReadOnlySpan<byte> element) =>
        Utf8.IsValid(element) && !element.StartsWith(Prefix)
            ? element
            : Encoding.ASCII.GetBytes("base64:" + Convert.ToBase64String(element));

    /// <returns>Why the field is no element; null where it was added.</returns>
    public static string? Add(ElementBuffer to, ReadOnlySpan<byte> field)
    {
        if (!field.StartsWith(Prefix))
        {
            to.AddBytes(field);
            return null;
        }

        var encoded = field[Prefix.Length..];
        var bytes = new byte[Base64.GetMaxDecodedFromUtf8Length(encoded.Length)];
        if (Base64.DecodeFromUtf8(encoded, bytes, out _, out var written) is not System.Buffers.OperationStatus.Done)
            return $"{ElementText.Shown(field)} is no base64.";
        to.AddBytes(bytes.AsSpan(0, written));
        return null;
    }
}
