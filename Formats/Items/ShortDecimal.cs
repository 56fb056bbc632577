namespace Platform.Formats.Items;

/// <summary>
/// Numbers of up to 15 digits without an exponent, which most in files are: a whole number and a power of ten that FP64
/// holds exactly, so that one division rounds correctly (Clinger 1990). Several times as fast as the general way.
/// </summary>
internal static class ShortDecimal
{
    private const int MaxDigits = 15;

    /// <summary>Of an FP64 number's bits those beyond FP32, and of these the one that lies between two FP32 numbers.</summary>
    private const long BelowSingle = (1L << 29) - 1;
    private const long Halfway = 1L << 28;

    private static readonly double[] Powers = [1e0, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15];

    /// <summary>False for what is no such number, which may still be one.</summary>
    public static bool TryParse(ReadOnlySpan<byte> text, out double value) => TryRead(text, out value, out var length) && length == text.Length;

    /// <summary>Reads the number that the text begins with, up to the first byte that belongs to none.</summary>
    public static bool TryRead(ReadOnlySpan<byte> text, out double value, out int length)
    {
        var first = text is [(byte)'-', ..] ? 1 : 0;
        var (whole, point, at) = (0L, -1, first);
        for (; at < text.Length && at - first <= MaxDigits + 1; at++)
        {
            var digit = text[at] - '0';
            if ((uint)digit <= 9) whole = (whole * 10) + digit;
            else if (text[at] == '.' && point < 0) point = at;
            else break;
        }

        length = at;
        var digits = at - first - (point < 0 ? 0 : 1);
        value = point < 0 ? whole : whole / Powers[Math.Min(at - point - 1, MaxDigits)];
        if (first > 0) value = -value;
        return digits is > 0 and <= MaxDigits;
    }

    /// <summary>
    /// As above. Rounding to FP64 first does no harm, unless what comes of it lies between two FP32 numbers, where the
    /// text alone says to which side. None of these numbers is so small that FP32 would have fewer digits for it.
    /// </summary>
    public static bool TryParse(ReadOnlySpan<byte> text, out float value)
    {
        var isShort = TryParse(text, out double wide) && IsExact(wide);
        value = (float)wide;
        return isShort;
    }

    /// <summary>Whether what was read as FP64 can be rounded to FP32 without another look at the text.</summary>
    public static bool IsExact(double wide) => (BitConverter.DoubleToInt64Bits(wide) & BelowSingle) != Halfway;
}
