using System.Globalization;
using System.Numerics;

namespace Platform.Core.Quality;

/// <summary>
/// A sum of doubles kept in whole numbers, so that adding, taking back and merging in any order come to the same, to
/// the last bit: a fixed-point number in pieces of 32 bits, each a counter of its own (Kulisch's long accumulator).
/// A counter has room for two thousand million values.
/// </summary>
public static class ExactSum
{
    private const int PieceBits = 32;

    /// <summary>The lowest piece begins at 2^-1088, below the smallest double.</summary>
    private const int LowestExponent = -1088;

    /// <summary>Adds a finite value <paramref name="times"/> times (−1 takes it back) to the counters whose names begin so.</summary>
    public static void Add(QualityCounts counts, string prefix, double value, int times)
    {
        if (value == 0) return;
        var bits = BitConverter.DoubleToInt64Bits(value);
        var exponent = (int)((bits >> 52) & 0x7ff);
        var mantissa = bits & 0xfffffffffffff;
        if (exponent == 0) exponent = 1;
        else mantissa |= 1L << 52;
        var shift = exponent - 1075 - LowestExponent;
        var wide = (UInt128)mantissa << (shift % PieceBits);
        var sign = Math.Sign(value) * times;
        for (var piece = shift / PieceBits; wide != 0; piece++, wide >>= PieceBits)
        {
            var part = (long)(uint)wide;
            if (part != 0) counts.Add(prefix + piece.ToString(CultureInfo.InvariantCulture), sign * part);
        }
    }

    public static double Read(QualityCounts counts, string prefix)
    {
        var sum = BigInteger.Zero;
        foreach (var (name, part) in counts.All)
        {
            if (name.StartsWith(prefix, StringComparison.Ordinal)
                && int.TryParse(name.AsSpan(prefix.Length), NumberStyles.None, CultureInfo.InvariantCulture, out var piece))
                sum += (BigInteger)part << (piece * PieceBits);
        }

        // A double has no room for the whole accumulator's range, so all but 64 bits go first.
        var excess = (int)Math.Max(0, (long)BigInteger.Abs(sum).GetBitLength() - 64);
        return Math.ScaleB((double)(sum >> excess), excess + LowestExponent);
    }
}
