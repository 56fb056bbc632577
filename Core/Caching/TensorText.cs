using System.Buffers;
using System.Buffers.Binary;
using System.Text.Json;

namespace Platform.Core.Caching;

/// <summary>JSON elements as the bytes that the same elements have in binary.</summary>
internal static class TensorText
{
    /// <summary>Appends the token's element; false when it is none of that datatype, or one that is better left to the worker.</summary>
    public static bool TryAppend(ref Utf8JsonReader reader, string datatype, ArrayBufferWriter<byte> target) => datatype switch
    {
        "FP32" => reader.TokenType == JsonTokenType.Number && reader.TryGetSingle(out var value) && float.IsFinite(value)
            && Append(target, sizeof(float), span => BinaryPrimitives.WriteSingleLittleEndian(span, value)),
        "FP64" => reader.TokenType == JsonTokenType.Number && reader.TryGetDouble(out var value) && double.IsFinite(value)
            && Append(target, sizeof(double), span => BinaryPrimitives.WriteDoubleLittleEndian(span, value)),
        "INT8" => TryInteger(ref reader, sbyte.MinValue, sbyte.MaxValue, 1, target),
        "INT16" => TryInteger(ref reader, short.MinValue, short.MaxValue, 2, target),
        "INT32" => TryInteger(ref reader, int.MinValue, int.MaxValue, 4, target),
        "INT64" => TryInteger(ref reader, long.MinValue, long.MaxValue, 8, target),
        "UINT8" => TryInteger(ref reader, 0, byte.MaxValue, 1, target),
        "UINT16" => TryInteger(ref reader, 0, ushort.MaxValue, 2, target),
        "UINT32" => TryInteger(ref reader, 0, uint.MaxValue, 4, target),
        "BOOL" => reader.TokenType is JsonTokenType.True or JsonTokenType.False && AppendByte(target, reader.GetBoolean()),
        "BYTES" => reader.TokenType == JsonTokenType.String && AppendText(target, ref reader),
        _ => false,
    };

    /// <summary>Bytes of an element; null where it depends on the element, or is not known.</summary>
    public static int? ElementBytes(string datatype) => datatype switch
    {
        "FP32" or "INT32" or "UINT32" => 4,
        "FP64" or "INT64" or "UINT64" => 8,
        "FP16" or "BF16" or "INT16" or "UINT16" => 2,
        "BOOL" or "INT8" or "UINT8" => 1,
        _ => null,
    };

    private static bool TryInteger(ref Utf8JsonReader reader, long min, long max, int bytes, ArrayBufferWriter<byte> target)
    {
        if (reader.TokenType != JsonTokenType.Number || !reader.TryGetInt64(out var value) || value < min || value > max) return false;
        Span<byte> all = stackalloc byte[sizeof(long)];
        BinaryPrimitives.WriteInt64LittleEndian(all, value);
        target.Write(all[..bytes]);
        return true;
    }

    private static bool Append(ArrayBufferWriter<byte> target, int bytes, SpanAction write)
    {
        write(target.GetSpan(bytes));
        target.Advance(bytes);
        return true;
    }

    private static bool AppendByte(ArrayBufferWriter<byte> target, bool value)
    {
        target.GetSpan(1)[0] = value ? (byte)1 : (byte)0;
        target.Advance(1);
        return true;
    }

    private static bool AppendText(ArrayBufferWriter<byte> target, ref Utf8JsonReader reader)
    {
        var text = System.Text.Encoding.UTF8.GetBytes(reader.GetString()!);
        BinaryPrimitives.WriteInt32LittleEndian(target.GetSpan(sizeof(int)), text.Length);
        target.Advance(sizeof(int));
        target.Write(text);
        return true;
    }

    private delegate void SpanAction(Span<byte> span);
}
