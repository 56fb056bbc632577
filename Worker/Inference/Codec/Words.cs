using System.Numerics;

namespace Platform.Worker.Inference.Codec;

/// <summary>The numbers that JSON has no digits for, spelled as Triton and RapidJSON do.</summary>
internal static class Words
{
    public static bool TryRead<T>(ReadOnlySpan<byte> text, int start, ref int position, out T value)
        where T : IFloatingPointIeee754<T>
    {
        var rest = text[start..];
        var isNegative = rest is [(byte)'-', ..];
        if (isNegative) rest = rest[1..];
        (value, var length) = rest switch
        {
            _ when rest.StartsWith("NaN"u8) => (T.NaN, 3),
            _ when rest.StartsWith("Infinity"u8) => (T.PositiveInfinity, 8),
            _ when rest.StartsWith("Inf"u8) => (T.PositiveInfinity, 3),
            _ => (T.Zero, 0),
        };
        if (length == 0) return false;
        if (isNegative) value = -value;
        position = start + length + (isNegative ? 1 : 0);
        return true;
    }
}
