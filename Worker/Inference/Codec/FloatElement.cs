using System.Globalization;
using System.Runtime.CompilerServices;

namespace Platform.Worker.Inference.Codec;

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
