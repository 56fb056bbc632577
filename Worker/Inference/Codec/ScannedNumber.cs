using System.Buffers.Binary;
using System.Numerics;
using System.Runtime.CompilerServices;

namespace Platform.Worker.Inference.Codec;

/// <summary>A decimal as it stands in the text: (-1)^negative × Digits × 10^Exponent.</summary>
internal ref struct ScannedNumber
{
    /// <summary>As many digits as always fit 64 bits.</summary>
    private const int MaxDigits = 19;

    private static ReadOnlySpan<ulong> SmallPowersOfTen => [1, 10, 100, 1_000, 10_000, 100_000, 1_000_000, 10_000_000];

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
        if ((uint)at < (uint)text.Length && text[at] == '-')
        {
            number.IsNegative = true;
            at++;
        }

        var start = at;
        var digits = 0UL;
        uint digit;
        while ((uint)at < (uint)text.Length && (digit = (uint)text[at] - '0') <= 9)
        {
            digits = (digits * 10) + digit;
            at++;
        }

        var count = at - start;
        position = at;
        // JSON has no "01" and no ".5".
        if (count == 0 || (count > 1 && text[start] == '0')) return false;
        if ((uint)at < (uint)text.Length && text[at] == '.')
        {
            var point = ++at;
            ScanDigits(text, ref at, ref digits);
            position = at;
            if (at == point) return false;
            number.Exponent = point - at;
            count += at - point;
        }

        number.Digits = digits;
        number.IsExact = count <= MaxDigits || CountSignificant(text[start..at]) <= MaxDigits;
        if ((uint)at >= (uint)text.Length || (text[at] | 0x20) != 'e') return true;
        var end = SkipExponent(text, at + 1, out var exponent);
        position = Math.Abs(end);
        number.Exponent += exponent;
        return end > 0;
    }

    /// <summary>Gives the position after the exponent, negative where the text ceased to be one.</summary>
    /// <remarks>It takes no reference to the caller's locals, which stay in registers for that.</remarks>
    private static int SkipExponent(ReadOnlySpan<byte> text, int at, out int exponent)
    {
        var isNegative = at < text.Length && text[at] == '-';
        if (at < text.Length && text[at] is (byte)'-' or (byte)'+') at++;
        var start = at;
        exponent = 0;
        for (uint digit; at < text.Length && (digit = (uint)text[at] - '0') <= 9; at++)
        {
            // Beyond this the value is zero or infinite whatever the digits are; the library's parser says which.
            exponent = Math.Min((exponent * 10) + (int)digit, 100_000);
        }

        if (isNegative) exponent = -exponent;
        return at > start ? at : -at;
    }

    /// <summary>Leading zeros, as in 0.000012345, say nothing.</summary>
    private static int CountSignificant(ReadOnlySpan<byte> text)
    {
        var first = text.IndexOfAnyExcept((byte)'0', (byte)'.');
        if (first < 0) return 0;
        var rest = text[first..];
        return rest.Contains((byte)'.') ? rest.Length - 1 : rest.Length;
    }

    /// <summary>
    /// Digits eight at a time, and the rest of them in one go as well: a loop over single digits would end at another
    /// count for each number, and the processor would guess wrong each time.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void ScanDigits(ReadOnlySpan<byte> text, ref int at, ref ulong digits)
    {
        while (text.Length - at >= sizeof(ulong))
        {
            // Each byte becomes its digit; bytes before the first that is none cannot carry into it.
            var word = BinaryPrimitives.ReadUInt64LittleEndian(text[at..]) ^ 0x3030303030303030;
            var others = (word | (word + 0x0606060606060606)) & 0xF0F0F0F0F0F0F0F0;
            if (others != 0)
            {
                var length = BitOperations.TrailingZeroCount(others) / 8;
                digits = (digits * SmallPowersOfTen[length]) + ValueOfEight(word << (8 * (7 - length)) << 8);
                at += length;
                return;
            }

            digits = (digits * 100_000_000) + ValueOfEight(word);
            at += sizeof(ulong);
        }

        for (uint digit; (uint)at < (uint)text.Length && (digit = (uint)text[at] - '0') <= 9; at++) digits = (digits * 10) + digit;
    }

    /// <summary>The number that eight digits make, the first in the lowest byte (Lemire, fast_float).</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static ulong ValueOfEight(ulong digits)
    {
        digits = (digits * 10) + (digits >> 8);
        return (((digits & 0x000000FF000000FF) * 0x000F424000000064) + (((digits >> 16) & 0x000000FF000000FF) * 0x0000271000000001)) >> 32;
    }
}
