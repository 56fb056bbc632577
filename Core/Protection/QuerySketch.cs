using System.Buffers.Binary;
using System.Numerics;

namespace Platform.Core.Protection;

/// <summary>
/// A question as the extraction monitor needs it: distances between sketches are about those between the inputs (count
/// sketch: Charikar, Chen and Farach-Colton, 2002), and the input cannot be had back from it.
/// </summary>
/// <param name="Class">What was answered; -1 where the model says no class.</param>
/// <param name="IsOutside">Whether the item is outside of the reference.</param>
public sealed record QuerySketch(int Class, bool IsOutside, float[] Values)
{
    public const int Dimensions = 64;

    /// <summary>Items of one request that are looked at; the others are as good as not asked.</summary>
    public const int MaxItems = 64;

    private const int HeadBytes = sizeof(short) + 1;
    private const int ItemBytes = HeadBytes + (Dimensions * sizeof(float));

    /// <summary>Adds an input's numbers to a sketch; <paramref name="first"/> tells inputs of one item apart.</summary>
    public static void Add(ReadOnlySpan<float> item, int first, Span<float> sketch)
    {
        for (var i = 0; i < item.Length; i++)
        {
            var hash = Mix((uint)(first + i));
            sketch[(int)(hash % Dimensions)] += (hash & 0x8000_0000) == 0 ? item[i] : -item[i];
        }
    }

    public double DistanceTo(QuerySketch other)
    {
        var (a, b, sum, i) = (Values, other.Values, Vector<float>.Zero, 0);
        for (; i <= Dimensions - Vector<float>.Count; i += Vector<float>.Count)
        {
            var difference = new Vector<float>(a, i) - new Vector<float>(b, i);
            sum += difference * difference;
        }

        var total = Vector.Sum(sum);
        for (; i < Dimensions; i++) total += (a[i] - b[i]) * (a[i] - b[i]);
        return Math.Sqrt(total);
    }

    /// <summary>As it travels beside an answer.</summary>
    public static string Encode(IReadOnlyList<QuerySketch> sketches)
    {
        var bytes = new byte[sketches.Count * ItemBytes];
        for (var i = 0; i < sketches.Count; i++)
        {
            var item = bytes.AsSpan(i * ItemBytes, ItemBytes);
            BinaryPrimitives.WriteInt16LittleEndian(item, (short)Math.Clamp(sketches[i].Class, short.MinValue, short.MaxValue));
            item[sizeof(short)] = sketches[i].IsOutside ? (byte)1 : (byte)0;
            for (var d = 0; d < Dimensions; d++) BinaryPrimitives.WriteSingleLittleEndian(item[(HeadBytes + (d * sizeof(float)))..], sketches[i].Values[d]);
        }

        return Convert.ToBase64String(bytes);
    }

    /// <summary>Nothing where the text is none of ours.</summary>
    public static IReadOnlyList<QuerySketch> Decode(string? text)
    {
        var bytes = new byte[(text?.Length ?? 0) / 4 * 3];
        if (!Convert.TryFromBase64String(text ?? "", bytes, out var length) || length % ItemBytes != 0) return [];
        var sketches = new QuerySketch[length / ItemBytes];
        for (var i = 0; i < sketches.Length; i++)
        {
            var item = bytes.AsSpan(i * ItemBytes, ItemBytes);
            var values = new float[Dimensions];
            for (var d = 0; d < Dimensions; d++) values[d] = BinaryPrimitives.ReadSingleLittleEndian(item[(HeadBytes + (d * sizeof(float)))..]);
            sketches[i] = new(BinaryPrimitives.ReadInt16LittleEndian(item), item[sizeof(short)] == 1, values);
        }

        return sketches;
    }

    /// <summary>The finaliser of MurmurHash3, whose bits are all of equal use.</summary>
    private static uint Mix(uint value)
    {
        value ^= value >> 16;
        value *= 0x85EB_CA6B;
        value ^= value >> 13;
        value *= 0xC2B2_AE35;
        return value ^ (value >> 16);
    }
}
