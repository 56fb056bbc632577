using System.Globalization;
using System.Runtime.InteropServices;
using System.Text.Json;
using System.Text.Unicode;
using Platform.Core.Tensors;
using Platform.Formats.Items;

namespace Platform.Formats.Jsonl;

/// <summary>A tensor as lists, nested by its shape; a single element is a list of one.</summary>
internal static class JsonTensorText
{
    public static void Write(Utf8JsonWriter json, RowTensor tensor)
    {
        var rest = tensor.Data.Span;
        Write(json, tensor.Datatype, tensor.Shape.IsEmpty ? [1] : tensor.Shape.AsSpan(), ref rest);
    }

    private static void Write(Utf8JsonWriter json, Datatype datatype, ReadOnlySpan<long> shape, ref ReadOnlySpan<byte> rest)
    {
        json.WriteStartArray();
        for (var i = 0L; i < shape[0]; i++)
        {
            if (shape.Length > 1) Write(json, datatype, shape[1..], ref rest);
            else Write(json, datatype, ElementBytes.Next(datatype, ref rest));
        }

        json.WriteEndArray();
    }

    private static void Write(Utf8JsonWriter json, Datatype datatype, ReadOnlySpan<byte> element)
    {
        switch (datatype)
        {
            case Datatype.Bool: json.WriteBooleanValue(element[0] != 0); break;
            case Datatype.Bytes: WriteText(json, element); break;
            case Datatype.Fp32: WriteFloat(json, MemoryMarshal.Read<float>(element)); break;
            case Datatype.Fp64: WriteFloat(json, MemoryMarshal.Read<double>(element)); break;
            case Datatype.Fp16 or Datatype.Bf16: WriteShort(json, datatype, element); break;
            case Datatype.Uint64: json.WriteNumberValue(MemoryMarshal.Read<ulong>(element)); break;
            default: json.WriteNumberValue(ElementBytes.ToInt64(datatype, element)); break;
        }
    }

    private static void WriteText(Utf8JsonWriter json, ReadOnlySpan<byte> element)
    {
        if (Utf8.IsValid(element))
        {
            json.WriteStringValue(element);
            return;
        }

        json.WriteStartObject();
        json.WriteBase64String(JsonElements.Base64, element);
        json.WriteEndObject();
    }

    private static void WriteFloat(Utf8JsonWriter json, float value)
    {
        if (float.IsFinite(value)) json.WriteNumberValue(value);
        else WriteNotFinite(json, value);
    }

    private static void WriteFloat(Utf8JsonWriter json, double value)
    {
        if (double.IsFinite(value)) json.WriteNumberValue(value);
        else WriteNotFinite(json, value);
    }

    /// <summary>The shortest text that only this number has.</summary>
    private static void WriteShort(Utf8JsonWriter json, Datatype datatype, ReadOnlySpan<byte> element)
    {
        var value = ElementBytes.ToSingle(datatype, element);
        Span<byte> text = stackalloc byte[32];
        if (datatype is not Datatype.Fp16 || !float.IsFinite(value)) WriteFloat(json, value);
        else if (((Half)value).TryFormat(text, out var written, provider: CultureInfo.InvariantCulture)) json.WriteRawValue(text[..written], skipInputValidation: true);
    }

    /// <summary>JSON has no literals for these.</summary>
    private static void WriteNotFinite(Utf8JsonWriter json, double value) =>
        json.WriteStringValue(double.IsNaN(value) ? "NaN" : value > 0 ? "Infinity" : "-Infinity");
}
