using System.Buffers.Binary;
using System.Runtime.CompilerServices;

namespace Platform.Worker.Inference.Codec;

/// <summary>A decimal as it stands in the text: (-1)^negative × Digits × 10^Exponent.</summary>
internal ref struct ScannedNumber
{
    /// <summary>As many digits as always fit 64 bits.</summary>
    private const int MaxDigits = 19;

    public ulong Digits;
    public int Exponent;
    public bool IsNegative;

    /// <summary>Whether <see cref="Digits"/> holds all of them.</summary>
    public bool IsExact;

    /// <summary>Reads a number by JSON's grammar; on failure the position stands where it ceased to be one.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool TryScan(ReadOnlySpan<byte> text, ref int position, out ScannedNumber number)
    {
        number = default;
        var at = position;
        if (at < text.Length && text[at] == '-')
        {
            number.IsNegative = true;
            at++;
        }

        var start = at;
        var digits = 0UL;
        uint digit;
        while (at < text.Length && (digit = (uint)text[at] - '0') <= 9)
        {
            digits = (digits * 10) + digit;
            at++;
        }

        var count = at - start;
        position = at;
        // JSON has no "01" and no ".5".
        if (count == 0 || (count > 1 && text[start] == '0')) return false;
        if (at < text.Length && text[at] == '.')
        {
            var point = ++at;
            while (at + 8 <= text.Length && TryParseEight(BinaryPrimitives.ReadUInt64LittleEndian(text[at..]), out var eight))
            {
                digits = (digits * 100_000_000) + eight;
                at += 8;
            }

            while (at < text.Length && (digit = (uint)text[at] - '0') <= 9)
            {
                digits = (digits * 10) + digit;
                at++;
            }

            position = at;
            if (at == point) return false;
            number.Exponent = point - at;
            count += at - point;
        }

        number.Digits = digits;
        number.IsExact = count <= MaxDigits || CountSignificant(text[start..at]) <= MaxDigits;
        return at >= text.Length || (text[at] | 0x20) != 'e' || TryScanExponent(text, ref position, ref number);
    }

    private static bool TryScanExponent(ReadOnlySpan<byte> text, ref int position, ref ScannedNumber number)
    {
        var at = position + 1;
        var isNegative = at < text.Length && text[at] == '-';
        if (at < text.Length && text[at] is (byte)'-' or (byte)'+') at++;
        var start = at;
        var exponent = 0;
        uint digit;
        while (at < text.Length && (digit = (uint)text[at] - '0') <= 9)
        {
            // Beyond this the value is zero or infinite whatever the digits are; the library's parser says which.
            exponent = Math.Min((exponent * 10) + (int)digit, 100_000);
            at++;
        }

        position = at;
        number.Exponent += isNegative ? -exponent : exponent;
        return at > start;
    }

    /// <summary>Leading zeros, as in 0.000012345, say nothing.</summary>
    private static int CountSignificant(ReadOnlySpan<byte> text)
    {
        var first = text.IndexOfAnyExcept((byte)'0', (byte)'.');
        if (first < 0) return 0;
        var rest = text[first..];
        return rest.Contains((byte)'.') ? rest.Length - 1 : rest.Length;
    }

    /// <summary>Eight digits at once, as simdjson does (Langdale, Lemire: Parsing gigabytes of JSON per second, 2019).</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static bool TryParseEight(ulong bytes, out ulong value)
    {
        value = 0;
        if (((bytes & 0xF0F0F0F0F0F0F0F0) | (((bytes + 0x0606060606060606) & 0xF0F0F0F0F0F0F0F0) >> 4)) != 0x3333333333333333) return false;
        bytes -= 0x3030303030303030;
        bytes = (bytes * 10) + (bytes >> 8);
        value = (((bytes & 0x000000FF000000FF) * 0x000F424000000064) + (((bytes >> 16) & 0x000000FF000000FF) * 0x0000271000000001)) >> 32;
        return true;
    }
}
