using System.Globalization;
using System.Runtime.CompilerServices;

namespace Platform.Worker.Inference.Codec;

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
