using System.Globalization;
using System.Numerics;
using System.Text;
using Platform.Core.Tensors;

namespace Platform.Formats.Items;

/// <summary>Numbers and booleans from their text, exact or correctly rounded.</summary>
internal static class ElementText
{
    private const int ShownMax = 40;

    /// <summary>Adds the element that the text is; else says why it is none.</summary>
    public static string? Add(ElementBuffer to, ReadOnlySpan<byte> text, FormatLimits limits) => to.Datatype switch
    {
        Datatype.Bool => Boolean(to, text),
        Datatype.Uint8 => Whole<byte>(to, text),
        Datatype.Uint16 => Whole<ushort>(to, text),
        Datatype.Uint32 => Whole<uint>(to, text),
        Datatype.Uint64 => Whole<ulong>(to, text),
        Datatype.Int8 => Whole<sbyte>(to, text),
        Datatype.Int16 => Whole<short>(to, text),
        Datatype.Int32 => Whole<int>(to, text),
        Datatype.Int64 => Whole<long>(to, text),
        Datatype.Fp16 => Parse<Half>(to, text, limits, out var half) ?? Add(to, half),
        Datatype.Fp32 when ShortDecimal.TryParse(text, out float single) => Add(to, single),
        Datatype.Fp64 when ShortDecimal.TryParse(text, out double number) => Add(to, number),
        Datatype.Fp32 => Parse<float>(to, text, limits, out var any) ?? Add(to, any),
        Datatype.Fp64 => Parse<double>(to, text, limits, out var wide) ?? Add(to, wide),
        Datatype.Bf16 => Brain(to, text, limits),
        _ => throw new InvalidOperationException($"Texts of {to.Datatype.Name()} are no numbers."),
    };

    /// <summary>The text for people, shortened.</summary>
    public static string Shown(ReadOnlySpan<byte> text)
    {
        var cut = text[..Math.Min(text.Length, ShownMax)];
        var shown = Encoding.UTF8.GetString(cut).TrimEnd('\uFFFD');
        return cut.Length < text.Length ? $"'{shown}…'" : $"'{shown}'";
    }

    private static string? Boolean(ElementBuffer to, ReadOnlySpan<byte> text)
    {
        var trimmed = Trim(text);
        if (trimmed is [(byte)'1'] || Ascii.EqualsIgnoreCase(trimmed, "true"u8)) return Add(to, (byte)1);
        if (trimmed is [(byte)'0'] || Ascii.EqualsIgnoreCase(trimmed, "false"u8)) return Add(to, (byte)0);
        return trimmed.IsEmpty ? Empty(Datatype.Bool) : $"{Shown(text)} is no BOOL; write true or false.";
    }

    private static string? Whole<T>(ElementBuffer to, ReadOnlySpan<byte> text)
        where T : unmanaged, IBinaryInteger<T>, IMinMaxValue<T>
    {
        if (T.TryParse(text, NumberStyles.Integer, CultureInfo.InvariantCulture, out var value)) return Add(to, value);
        var digits = Trim(text).TrimStart("+-"u8);
        if (digits.IsEmpty) return Empty(to.Datatype);
        return digits.ContainsAnyExceptInRange((byte)'0', (byte)'9')
            ? $"{Shown(text)} is no {to.Datatype.Name()}; write a whole number without a point."
            : $"{Shown(text)} is beyond {to.Datatype.Name()}, which goes from {T.MinValue} to {T.MaxValue}.";
    }

    /// <summary>By way of FP64, rounded once more so that both roundings come to one.</summary>
    private static string? Brain(ElementBuffer to, ReadOnlySpan<byte> text, FormatLimits limits)
    {
        if (Parse<double>(to, text, limits, out var value) is { } fault) return fault;
        var bits = BFloat16.Round(value);
        return double.IsFinite(value) && !float.IsFinite(BFloat16.ToSingle(bits)) ? Beyond(to.Datatype, text) : Add(to, bits);
    }

    private static string? Parse<T>(ElementBuffer to, ReadOnlySpan<byte> text, FormatLimits limits, out T value)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        var trimmed = Trim(text);
        if (!T.TryParse(trimmed, NumberStyles.Float, CultureInfo.InvariantCulture, out value) && !TryShort(trimmed, out value))
            return trimmed.IsEmpty ? Empty(to.Datatype) : $"{Shown(text)} is no {to.Datatype.Name()}; write a number such as -1.5e3.";
        if (T.IsFinite(value)) return null;
        // "1e999" is a number that no datatype holds; "Infinity" is what it says.
        if (trimmed.ContainsAnyInRange((byte)'0', (byte)'9')) return Beyond(to.Datatype, text);
        return limits.AllowNotFinite ? null : $"{Shown(text)} is not finite, which is not allowed here.";
    }

    /// <summary>As numpy and C write them.</summary>
    private static bool TryShort<T>(ReadOnlySpan<byte> text, out T value)
        where T : IFloatingPointIeee754<T>
    {
        var isNegative = text is [(byte)'-', ..];
        value = isNegative ? T.NegativeInfinity : T.PositiveInfinity;
        return Ascii.EqualsIgnoreCase(text.TrimStart("+-"u8), "inf"u8);
    }

    private static string? Add<T>(ElementBuffer to, T value)
        where T : unmanaged
    {
        to.Add(value);
        return null;
    }

    private static ReadOnlySpan<byte> Trim(ReadOnlySpan<byte> text) => text.Trim(" \t"u8);

    private static string Empty(Datatype datatype) => $"It is empty; write a value of {datatype.Name()}.";

    private static string Beyond(Datatype datatype, ReadOnlySpan<byte> text) => $"{Shown(text)} is beyond what {datatype.Name()} holds.";
}
