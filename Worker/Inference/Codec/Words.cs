using System.Numerics;
using System.Runtime.CompilerServices;

namespace Platform.Worker.Inference.Codec;

/// <summary>The numbers that JSON has no digits for, spelled as Triton and RapidJSON do.</summary>
internal static class Words
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool TryTake<T>(ReadOnlySpan<byte> text, int start, ref int position, out T value)
        where T : IFloatingPointIeee754<T>
    {
        (value, var length) = Read<T>(text[start..]);
        // Where it is none of them, the position stays where the digits ceased to make sense.
        if (length > 0) position = start + length;
        return length > 0;
    }

    /// <summary>The value and its length in the text; length 0 where it is none of them.</summary>
    public static (T Value, int Length) Read<T>(ReadOnlySpan<byte> text)
        where T : IFloatingPointIeee754<T>
    {
        if (text is [(byte)'-', ..])
        {
            var (positive, length) = Read<T>(text[1..]);
            return (-positive, length > 0 && text[1] != '-' ? length + 1 : 0);
        }

        if (text.StartsWith("NaN"u8)) return (T.NaN, 3);
        if (text.StartsWith("Infinity"u8)) return (T.PositiveInfinity, 8);
        return text.StartsWith("Inf"u8) ? (T.PositiveInfinity, 3) : (T.Zero, 0);
    }
}
