using System.Globalization;
using System.Numerics;
using System.Runtime.CompilerServices;

namespace Platform.Worker.Inference.Codec;

/// <summary>Whole numbers of the type's range.</summary>
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
