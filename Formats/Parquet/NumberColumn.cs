using System.Numerics;
using Parquet.Schema;
using Platform.Core.Tensors;
using Platform.Formats.Items;

namespace Platform.Formats.Parquet;

/// <summary>Numbers as elements of the model's datatype: whole ones exact or refused, others rounded once.</summary>
internal sealed class NumberColumn<T>(DataField field, string name, bool isList, FormatLimits limits) : ParquetColumn<T>(field, name, isList)
    where T : unmanaged, INumber<T>, IMinMaxValue<T>
{
    protected override string? Add(ElementBuffer to, ReadOnlySpan<T> values, out int at)
    {
        at = 0;
        if (IsSame(to.Datatype) && (limits.AllowNotFinite || !to.Datatype.IsFloat()))
        {
            to.AddAll(values);
            return null;
        }

        for (; at < values.Length; at++)
        {
            if (Add(to, values[at]) is { } reason) return reason;
        }

        return null;
    }

    private string? Add(ElementBuffer to, T value) => to.Datatype switch
    {
        Datatype.Uint8 => Whole<byte>(to, value),
        Datatype.Uint16 => Whole<ushort>(to, value),
        Datatype.Uint32 => Whole<uint>(to, value),
        Datatype.Uint64 => Whole<ulong>(to, value),
        Datatype.Int8 => Whole<sbyte>(to, value),
        Datatype.Int16 => Whole<short>(to, value),
        Datatype.Int32 => Whole<int>(to, value),
        Datatype.Int64 => Whole<long>(to, value),
        Datatype.Fp16 => Round(to, value, Half.CreateSaturating(value)),
        Datatype.Fp32 => Round(to, value, float.CreateSaturating(value)),
        Datatype.Fp64 => Round(to, value, double.CreateSaturating(value)),
        _ => Brain(to, value),
    };

    private static string? Whole<TTo>(ElementBuffer to, T value)
        where TTo : unmanaged, IBinaryInteger<TTo>, IMinMaxValue<TTo>
    {
        var whole = TTo.CreateSaturating(value);
        if (T.CreateSaturating(whole) != value) return $"{value} is beyond {to.Datatype.Name()}, which goes from {TTo.MinValue} to {TTo.MaxValue}.";
        to.Add(whole);
        return null;
    }

    private string? Round<TTo>(ElementBuffer to, T value, TTo rounded)
        where TTo : unmanaged, IFloatingPointIeee754<TTo>
    {
        if (Refuse(to.Datatype, value, TTo.IsFinite(rounded)) is { } reason) return reason;
        to.Add(rounded);
        return null;
    }

    private string? Brain(ElementBuffer to, T value)
    {
        var bits = BFloat16.Round(double.CreateSaturating(value));
        if (Refuse(to.Datatype, value, float.IsFinite(BFloat16.ToSingle(bits))) is { } reason) return reason;
        to.Add(bits);
        return null;
    }

    private string? Refuse(Datatype datatype, T value, bool isFinite) =>
        isFinite ? null
        : T.IsFinite(value) ? $"{value} is beyond what {datatype.Name()} holds."
        : limits.AllowNotFinite ? null : $"{value} is not finite, which is not allowed here.";

    private static bool IsSame(Datatype datatype) => datatype switch
    {
        Datatype.Uint8 => typeof(T) == typeof(byte),
        Datatype.Uint16 => typeof(T) == typeof(ushort),
        Datatype.Uint32 => typeof(T) == typeof(uint),
        Datatype.Uint64 => typeof(T) == typeof(ulong),
        Datatype.Int8 => typeof(T) == typeof(sbyte),
        Datatype.Int16 => typeof(T) == typeof(short),
        Datatype.Int32 => typeof(T) == typeof(int),
        Datatype.Int64 => typeof(T) == typeof(long),
        Datatype.Fp32 => typeof(T) == typeof(float),
        Datatype.Fp64 => typeof(T) == typeof(double),
        _ => false,
    };
}
