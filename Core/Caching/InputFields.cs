using System.Buffers;
using System.Text.Json;

namespace Platform.Core.Caching;

/// <summary>An input tensor with its elements as they are in binary.</summary>
internal sealed record InputFields(string Name, string Datatype, long[] Shape, byte[] Data)
{
    /// <summary>Reads the object at which the reader stands; null when it is not as plain as can be.</summary>
    public static InputFields? TryRead(ref Utf8JsonReader json, ReadOnlySpan<byte> binary, ref int taken)
    {
        string? name = null;
        string? datatype = null;
        long[]? shape = null;
        int? binaryBytes = null;
        Utf8JsonReader data = default;
        var hasData = false;
        while (json.Read() && json.TokenType == JsonTokenType.PropertyName)
        {
            var field = json.GetString();
            json.Read();
            if (field == "name" && name is null && json.TokenType == JsonTokenType.String) name = json.GetString();
            else if (field == "datatype" && datatype is null && json.TokenType == JsonTokenType.String) datatype = json.GetString();
            else if (field == "shape" && shape is null && json.TokenType == JsonTokenType.StartArray) shape = ReadShape(ref json);
            else if (field == "parameters" && binaryBytes is null && json.TokenType == JsonTokenType.StartObject && ReadSize(ref json) is { } size) binaryBytes = size;
            else if (field == "data" && !hasData && json.TokenType == JsonTokenType.StartArray)
            {
                // Datatype and shape may come after it, so the elements are read in a second pass.
                data = json;
                hasData = true;
                json.Skip();
            }
            else return null;
        }

        if (name is null || datatype is null || shape is null || hasData == (binaryBytes is not null)) return null;
        var count = shape.Aggregate(1L, (product, size) => checked(product * size));
        return hasData
            ? FromJson(name, datatype, shape, count, data)
            : FromBinary(name, datatype, shape, count, binary, binaryBytes!.Value, ref taken);
    }

    private static InputFields? FromJson(string name, string datatype, long[] shape, long count, Utf8JsonReader elements)
    {
        var bytes = new ArrayBufferWriter<byte>();
        var flat = elements;
        flat.Read();
        var isNested = flat.TokenType == JsonTokenType.StartArray;
        var isRead = isNested ? TryNested(ref elements, 0, shape, datatype, bytes) : TryRow(ref elements, count, datatype, bytes);
        return isRead ? new(name, datatype, shape, bytes.WrittenSpan.ToArray()) : null;
    }

    private static InputFields? FromBinary(
        string name, string datatype, long[] shape, long count, ReadOnlySpan<byte> binary, int bytes, ref int taken)
    {
        if (bytes < 0 || bytes > binary.Length - taken) return null;
        if (TensorText.ElementBytes(datatype) is { } size ? bytes != size * count : datatype != "BYTES") return null;
        var data = binary.Slice(taken, bytes).ToArray();
        taken += bytes;
        return new(name, datatype, shape, data);
    }

    private static bool TryNested(ref Utf8JsonReader json, int dimension, long[] shape, string datatype, ArrayBufferWriter<byte> bytes)
    {
        if (dimension >= shape.Length || json.TokenType != JsonTokenType.StartArray) return false;
        if (dimension == shape.Length - 1) return TryRow(ref json, shape[dimension], datatype, bytes);
        for (var i = 0; i < shape[dimension]; i++)
        {
            if (!json.Read() || !TryNested(ref json, dimension + 1, shape, datatype, bytes)) return false;
        }

        return json.Read() && json.TokenType == JsonTokenType.EndArray;
    }

    private static bool TryRow(ref Utf8JsonReader json, long count, string datatype, ArrayBufferWriter<byte> bytes)
    {
        for (var i = 0L; i < count; i++)
        {
            if (!json.Read() || !TensorText.TryAppend(ref json, datatype, bytes)) return false;
        }

        return json.Read() && json.TokenType == JsonTokenType.EndArray;
    }

    private static long[]? ReadShape(ref Utf8JsonReader json)
    {
        var shape = new List<long>();
        while (json.Read() && json.TokenType == JsonTokenType.Number)
        {
            if (!json.TryGetInt64(out var size) || size < 0) return null;
            shape.Add(size);
        }

        return json.TokenType == JsonTokenType.EndArray ? [.. shape] : null;
    }

    private static int? ReadSize(ref Utf8JsonReader json)
    {
        using var parameters = JsonDocument.ParseValue(ref json);
        return parameters.RootElement.EnumerateObject().ToArray() is [{ Name: "binary_data_size", Value: { ValueKind: JsonValueKind.Number } value }]
            && value.TryGetInt32(out var size) ? size : null;
    }
}
