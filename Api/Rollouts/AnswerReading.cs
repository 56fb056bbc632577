using System.Buffers.Binary;
using System.Globalization;
using System.Text.Json;
using Platform.Api.Serving;
using Platform.Core.Rollouts;

namespace Platform.Api.Rollouts;

/// <summary>The numbers of a V2 answer, from JSON or from the binary part behind it.</summary>
internal static class AnswerReading
{
    /// <summary>Null when it is no answer whose numbers can be compared, such as one of texts.</summary>
    public static IReadOnlyList<AnswerOutput>? Read(InferenceAnswer answer)
    {
        var json = answer.HeaderLength is { } text && int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var length)
            ? answer.Body[..Math.Min(length, answer.Body.Length)]
            : answer.Body;
        try
        {
            using var document = JsonDocument.Parse(json);
            if (!document.RootElement.TryGetProperty("outputs", out var outputs)) return null;
            var binary = answer.Body[json.Length..];
            var read = new List<AnswerOutput>();
            foreach (var output in outputs.EnumerateArray()) read.Add(Read(output, ref binary));
            return read;
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException or KeyNotFoundException or FormatException or ArgumentOutOfRangeException or NotSupportedException)
        {
            return null;
        }
    }

    private static AnswerOutput Read(JsonElement output, ref ReadOnlyMemory<byte> binary)
    {
        var shape = output.GetProperty("shape").EnumerateArray().Select(size => size.GetInt64()).ToArray();
        var values = new List<double>();
        if (output.TryGetProperty("data", out var data))
        {
            Flatten(data, values);
        }
        else
        {
            var size = output.GetProperty("parameters").GetProperty("binary_data_size").GetInt32();
            Decode(output.GetProperty("datatype").GetString()!, binary.Span[..size], values);
            binary = binary[size..];
        }

        var columns = shape.Length > 1 && shape[0] > 0 ? values.Count / (int)shape[0] : 1;
        return new(output.GetProperty("name").GetString()!, columns, [.. values]);
    }

    private static void Flatten(JsonElement data, List<double> values)
    {
        foreach (var element in data.EnumerateArray())
        {
            if (element.ValueKind is JsonValueKind.Array) Flatten(element, values);
            else if (element.ValueKind is JsonValueKind.True or JsonValueKind.False) values.Add(element.GetBoolean() ? 1 : 0);
            else values.Add(element.ValueKind is JsonValueKind.Number ? element.GetDouble() : throw new NotSupportedException("No number."));
        }
    }

    private static void Decode(string datatype, ReadOnlySpan<byte> bytes, List<double> values)
    {
        var size = datatype switch { "FP64" or "INT64" => 8, "FP32" or "INT32" => 4, "INT8" or "UINT8" or "BOOL" => 1, _ => throw new NotSupportedException(datatype) };
        for (var at = 0; at + size <= bytes.Length; at += size)
        {
            var element = bytes[at..];
            values.Add(datatype switch
            {
                "FP64" => BinaryPrimitives.ReadDoubleLittleEndian(element),
                "FP32" => BinaryPrimitives.ReadSingleLittleEndian(element),
                "INT64" => BinaryPrimitives.ReadInt64LittleEndian(element),
                "INT32" => BinaryPrimitives.ReadInt32LittleEndian(element),
                "INT8" => (sbyte)element[0],
                _ => element[0],
            });
        }
    }
}
