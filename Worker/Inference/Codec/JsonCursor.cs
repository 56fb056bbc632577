using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;
using System.Text.Json;
using System.Text.Unicode;

namespace Platform.Worker.Inference.Codec;

/// <summary>
/// Walks JSON text byte by byte, so that the arrays in it can be read where they lie. Numbers may also be the bare NaN,
/// Infinity and -Infinity that clients of Triton send.
/// </summary>
internal ref struct JsonCursor(ReadOnlySpan<byte> text, int maxDepth)
{
    private readonly ReadOnlySpan<byte> text = text;
    private int position;

    public readonly ReadOnlySpan<byte> Text => text;

    public int Position
    {
        readonly get => position;
        set => position = value;
    }

    /// <summary>The next byte that is no white space, 0 at the end. It is not taken.</summary>
    public byte Peek()
    {
        SkipSpace(text, ref position);
        return position < text.Length ? text[position] : (byte)0;
    }

    public bool TryTake(byte expected)
    {
        if (Peek() != expected || position >= text.Length) return false;
        position++;
        return true;
    }

    public void Take(byte expected, string where)
    {
        if (!TryTake(expected)) Fail($"expected '{(char)expected}' {where}");
    }

    /// <summary>Steps into an object or on to its next field; false at its end.</summary>
    /// <param name="isFirst">True before the first field; the method sets it to false.</param>
    public bool TryReadField(ref bool isFirst, string where, out ReadOnlySpan<byte> name)
    {
        name = default;
        if (isFirst) Take((byte)'{', where);
        if (TryTake((byte)'}')) return isFirst = false;
        if (!isFirst) Take((byte)',', $"or '}}' {where}");
        isFirst = false;
        name = ReadString("as a field's name");
        Take((byte)':', "after a field's name");
        return true;
    }

    /// <summary>Steps into an array or on to its next element; false at its end.</summary>
    public bool TryReadElement(ref bool isFirst, string where)
    {
        if (isFirst) Take((byte)'[', where);
        if (TryTake((byte)']')) return isFirst = false;
        if (!isFirst) Take((byte)',', $"or ']' {where}");
        isFirst = false;
        return true;
    }

    /// <summary>The content of a string, unescaped; a view of the text where nothing is escaped.</summary>
    public ReadOnlySpan<byte> ReadString(string where)
    {
        if (Peek() != '"') Fail($"expected a string {where}");
        var start = ++position;
        var length = text[start..].IndexOfAny((byte)'"', (byte)'\\');
        if (length < 0) Fail("a string does not end");
        position = start + length + 1;
        if (text[start + length] == '\\') return ReadEscapedString(start - 1, where);
        var content = text.Slice(start, length);
        if (content.IndexOfAnyInRange((byte)0, (byte)0x1F) >= 0) Fail($"a control character stands unescaped in the string {where}");
        if (!Utf8.IsValid(content)) Fail($"the string {where} is not UTF-8");
        return content;
    }

    public bool ReadBool(string where)
    {
        if (TryTakeWord("true"u8)) return true;
        if (!TryTakeWord("false"u8)) Fail($"expected true or false {where}");
        return false;
    }

    /// <summary>Some clients write fields that they leave out as null.</summary>
    public bool TryTakeNull() => TryTakeWord("null"u8);

    /// <summary>A whole number without a fraction or exponent.</summary>
    public long ReadLong(string where)
    {
        Peek();
        if (!IntegerElement<long>.TryRead(text, ref position, out var value)) Fail($"expected a whole number {where}");
        return value;
    }

    public void SkipValue(int depth = 0)
    {
        if (depth > maxDepth) Fail($"the JSON is nested deeper than {maxDepth} levels");
        var isFirst = true;
        switch (Peek())
        {
            case (byte)'{':
                while (TryReadField(ref isFirst, "in an object", out _)) SkipValue(depth + 1);
                break;
            case (byte)'[':
                while (TryReadElement(ref isFirst, "in an array")) SkipValue(depth + 1);
                break;
            case (byte)'"':
                ReadString("as a value");
                break;
            default:
                if (TryTakeWord("true"u8) || TryTakeWord("false"u8) || TryTakeWord("null"u8)) break;
                if (!DoubleElement.TryRead(text, ref position, out _)) Fail("expected a value");
                break;
        }
    }

    /// <summary>Nothing but white space may follow.</summary>
    public void TakeEnd()
    {
        if (Peek() != 0 || position < text.Length) Fail("unexpected text after the end of the JSON");
    }

    [DoesNotReturn]
    public readonly void Fail(string what) => throw RequestException.BadRequest(
        $"failed to parse the request JSON buffer: {what}, at byte {Math.Min(position, text.Length)}");

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void SkipSpace(ReadOnlySpan<byte> text, ref int position)
    {
        // One comparison tells most bytes apart from all four kinds of white space.
        while ((uint)position < (uint)text.Length && text[position] <= ' ' && IsSpace(text[position])) position++;
    }

    private static bool IsSpace(byte value) => value is (byte)' ' or (byte)'\t' or (byte)'\n' or (byte)'\r';

    private bool TryTakeWord(ReadOnlySpan<byte> word)
    {
        Peek();
        if (!text[position..].StartsWith(word)) return false;
        position += word.Length;
        return true;
    }

    private ReadOnlySpan<byte> ReadEscapedString(int quote, string where)
    {
        for (var isEscaped = true; ; position++)
        {
            if (position >= text.Length) Fail("a string does not end");
            if (isEscaped) isEscaped = false;
            else if (text[position] == '\\') isEscaped = true;
            else if (text[position] == '"') break;
        }

        position++;
        try
        {
            var reader = new Utf8JsonReader(text[quote..position]);
            reader.Read();
            var content = new byte[position - quote];
            return content.AsSpan(0, reader.CopyString(content));
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            // The reader's own refusal of a bad escape or of half a surrogate pair.
            Fail($"the string {where} is not valid: {e.Message}");
            return default;
        }
    }
}
