using System.Globalization;
using System.Numerics;
using System.Runtime.CompilerServices;

namespace Platform.Worker.Inference.Codec;

/// <summary>How one element of an array is read from JSON text.</summary>
internal interface IElement<T>
{
    /// <summary>What the element must be, for the message when it is not.</summary>
    static abstract string Expected { get; }

    /// <summary>Reads the element at the position, which has no white space before it.</summary>
    static abstract bool TryRead(ReadOnlySpan<byte> text, ref int position, out T value);
}

/// <summary>
/// Doubles: exact where digits and power of ten are exact doubles themselves (Clinger: How to read floating point
/// numbers accurately, 1990), by the library otherwise.
/// </summary>
internal readonly struct DoubleElement : IElement<double>
{
    internal static readonly double[] PowersOfTen =
        [1e0, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15, 1e16, 1e17, 1e18, 1e19, 1e20, 1e21, 1e22];

    private const ulong LargestExactDigits = 1UL << 53;

    public static string Expected => "a number (FP64)";

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool TryRead(ReadOnlySpan<byte> text, ref int position, out double value)
    {
        var start = position;
        if (!ScannedNumber.TryScan(text, ref position, out var number)) return Words.TryTake(text, start, ref position, out value);
        if (!number.IsExact || number.Digits > LargestExactDigits || (uint)(number.Exponent + 22) > 44)
        {
            value = double.Parse(text[start..position], NumberStyles.Float, CultureInfo.InvariantCulture);
            return true;
        }

        value = Scale((long)number.Digits, number.Exponent);
        if (number.IsNegative) value = -value;
        return true;
    }

    /// <summary>Digits × 10^exponent for an exponent of -22 to 22, with one rounding if the digits are exact.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static double Scale(long digits, int exponent) =>
        exponent < 0 ? digits / PowersOfTen[-exponent] : digits * PowersOfTen[exponent];
}

/// <summary>
/// Floats: by way of a double that is off by two units in its last place at most, wherever the float next to it is the
/// same for all doubles that near; by the library otherwise.
/// </summary>
internal readonly struct FloatElement : IElement<float>
{
    private const ulong LowBits = (1UL << 29) - 1;
    private const ulong Halfway = 1UL << 28;
    private const ulong Doubt = 4;
    private const uint SignBit = 1U << 31;

    public static string Expected => "a number (FP32)";

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool TryRead(ReadOnlySpan<byte> text, ref int position, out float value)
    {
        var start = position;
        if (!ScannedNumber.TryScan(text, ref position, out var number)) return Words.TryTake(text, start, ref position, out value);
        // Two roundings of a relative 2^-53 each. Smaller than 1e-22 or larger than 1e42 it cannot be, so subnormal
        // floats do not occur, and what is beyond the largest float rounds to infinity as it should.
        var isNear = number.IsExact && number.Digits <= long.MaxValue && (uint)(number.Exponent + 22) <= 44;
        var wide = isNear ? DoubleElement.Scale((long)number.Digits, number.Exponent) : 0;
        if (!isNear || (BitConverter.DoubleToUInt64Bits(wide) & LowBits) - (Halfway - Doubt) <= 2 * Doubt)
        {
            value = float.Parse(text[start..position], NumberStyles.Float, CultureInfo.InvariantCulture);
            return true;
        }

        value = BitConverter.UInt32BitsToSingle(BitConverter.SingleToUInt32Bits((float)wide) | (number.IsNegative ? SignBit : 0));
        return true;
    }
}

internal readonly struct IntegerElement<T> : IElement<T>
    where T : unmanaged, IBinaryInteger<T>, IMinMaxValue<T>
{
    public static string Expected => $"a whole number from {T.MinValue} to {T.MaxValue}";

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool TryRead(ReadOnlySpan<byte> text, ref int position, out T value)
    {
        value = default;
        var start = position;
        var isNegative = start < text.Length && text[start] == '-';
        if (isNegative) start++;
        var at = start;
        var digits = 0UL;
        uint digit;
        while (at < text.Length && (digit = (uint)text[at] - '0') <= 9)
        {
            digits = (digits * 10) + digit;
            at++;
        }

        var count = at - start;
        if (count == 0 || (count > 1 && text[start] == '0')) return false;
        if (at < text.Length && text[at] is (byte)'.' or (byte)'e' or (byte)'E') return false;
        // Twenty digits may fit, or may have wrapped around.
        if (count > 19 && !ulong.TryParse(text[start..at], NumberStyles.None, CultureInfo.InvariantCulture, out digits)) return false;
        var largest = ulong.CreateTruncating(T.MaxValue);
        if (digits > largest && !(isNegative && digits == largest + 1 && T.MinValue < T.Zero)) return false;
        if (isNegative && digits > 0 && T.MinValue == T.Zero) return false;
        value = isNegative ? T.CreateTruncating(-(long)digits) : T.CreateTruncating(digits);
        position = at;
        return true;
    }
}

/// <summary>true and false, and the 1 and 0 that numeric clients send for them.</summary>
internal readonly struct BoolElement : IElement<byte>
{
    public static string Expected => "true or false";

    public static bool TryRead(ReadOnlySpan<byte> text, ref int position, out byte value)
    {
        var rest = text[position..];
        (value, var length) = rest switch
        {
            _ when rest.StartsWith("true"u8) => ((byte)1, 4),
            _ when rest.StartsWith("false"u8) => ((byte)0, 5),
            [(byte)'0' or (byte)'1', ..] => ((byte)(rest[0] - '0'), 1),
            _ => ((byte)0, 0),
        };
        position += length;
        return length > 0;
    }
}
