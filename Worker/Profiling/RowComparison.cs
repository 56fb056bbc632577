using System.Runtime.InteropServices;
using Platform.Worker.Onnx;
using Platform.Worker.Tensors;

namespace Platform.Worker.Profiling;

/// <summary>Whether an item's outputs are the same in company as alone.</summary>
internal static class RowComparison
{
    private const double Tolerance = 1e-5;

    /// <summary>What differs; null when nothing does beyond the rounding of sums in another order.</summary>
    public static string? Difference(ModelOutputs alone, ModelOutputs together, int row, int rows)
    {
        for (var i = 0; i < alone.Tensors.Length; i++)
        {
            var (one, all) = (alone.Tensors[i], together.Tensors[i]);
            if (one.Shape is not [1, ..] || all.Shape is not [var count, ..] || count != rows || !one.Shape.AsSpan(1).SequenceEqual(all.Shape.AsSpan(1)))
                return $"output '{one.Spec.Name}' has shape {Shapes.Text(one.Shape)} for one item and {Shapes.Text(all.Shape)} for {rows}";
            var own = all.TakeRows(row, 1);
            if (!IsEqual(one.Bytes, own.Bytes, one.Spec.Datatype))
                return $"output '{one.Spec.Name}' of an item differs between a batch of 1 and one of {rows}";
        }

        return null;
    }

    private static bool IsEqual(ReadOnlySpan<byte> one, ReadOnlySpan<byte> other, Datatype datatype)
    {
        if (one.SequenceEqual(other)) return true;
        if (one.Length != other.Length) return false;
        return datatype switch
        {
            Datatype.Fp32 => IsClose<float>(one, other),
            Datatype.Fp64 => IsClose<double>(one, other),
            Datatype.Fp16 => IsClose<Half>(one, other),
            _ => false,
        };
    }

    private static bool IsClose<T>(ReadOnlySpan<byte> one, ReadOnlySpan<byte> other)
        where T : unmanaged, System.Numerics.INumberBase<T>
    {
        var a = MemoryMarshal.Cast<byte, T>(one);
        var b = MemoryMarshal.Cast<byte, T>(other);
        for (var i = 0; i < a.Length; i++)
        {
            var (x, y) = (double.CreateTruncating(a[i]), double.CreateTruncating(b[i]));
            if (x.Equals(y)) continue;
            // Not "greater than", which would let a NaN pass.
            if (!(Math.Abs(x - y) <= Tolerance * Math.Max(1, Math.Abs(x)))) return false;
        }

        return true;
    }
}
