namespace Platform.Formats.Items;

/// <summary>The upper half of an FP32 number.</summary>
internal static class BFloat16
{
    public static float ToSingle(ushort bits) => BitConverter.UInt32BitsToSingle((uint)bits << 16);

    /// <summary>The nearest one, of two as near the even one.</summary>
    public static ushort Round(double value)
    {
        if (double.IsNaN(value)) return 0x7FC0;
        var single = BitConverter.SingleToUInt32Bits(ToOdd(value));
        // Infinities round to themselves: their lower half is empty.
        return (ushort)((single + 0x7FFF + ((single >> 16) & 1)) >> 16);
    }

    /// <summary>To FP32 such that a second rounding errs no further: what is not exact becomes the odd neighbour.</summary>
    private static float ToOdd(double value)
    {
        var nearest = (float)value;
        if (nearest == value || float.IsInfinity(nearest)) return nearest;
        var below = Math.Abs(nearest) > Math.Abs(value)
            ? BitConverter.UInt32BitsToSingle(BitConverter.SingleToUInt32Bits(nearest) - 1)
            : nearest;
        return BitConverter.UInt32BitsToSingle(BitConverter.SingleToUInt32Bits(below) | 1);
    }
}
