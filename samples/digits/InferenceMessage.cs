using System.Text.Json;

namespace Platform.Digits;

/// <summary>Writes and reads the JSON of the V2 inference protocol for the digits models.</summary>
internal static class InferenceMessage
{
    private const int Classes = 10;

    public static byte[] Write(ReadOnlySpan<byte> pixels, int count)
    {
        using var buffer = new MemoryStream();
        using (var json = new Utf8JsonWriter(buffer))
        {
            json.WriteStartObject();
            json.WriteStartArray("inputs");
            json.WriteStartObject();
            json.WriteString("name", "image");
            json.WriteString("datatype", "FP32");
            WriteShape(json, [count, 1, LabelledImages.Side, LabelledImages.Side]);
            json.WriteStartArray("data");
            // The models were trained on grey values from 0 to 1.
            foreach (var pixel in pixels)
                json.WriteNumberValue(pixel / 255f);
            json.WriteEndArray();
            json.WriteEndObject();
            json.WriteEndArray();
            json.WriteEndObject();
        }

        return buffer.ToArray();
    }

    /// <summary>The most probable digit of each image.</summary>
    /// <exception cref="DemoException">The answer does not hold ten probabilities for each image.</exception>
    public static int[] ReadDigits(byte[] body, int count)
    {
        try
        {
            using var answer = JsonDocument.Parse(body);
            var data = answer.RootElement.GetProperty("outputs")[0].GetProperty("data");
            if (data.GetArrayLength() != count * Classes)
                throw new DemoException($"The answer holds {data.GetArrayLength()} values for {count} images; {count * Classes} were expected.");
            var probabilities = data.EnumerateArray().Select(value => value.GetSingle()).ToArray();
            return [.. probabilities.Chunk(Classes).Select(digits => Array.IndexOf(digits, digits.Max()))];
        }
        catch (Exception e) when (e is JsonException or KeyNotFoundException or InvalidOperationException or IndexOutOfRangeException)
        {
            throw new DemoException($"The answer is not in the V2 protocol: {e.Message}", e);
        }
    }

    private static void WriteShape(Utf8JsonWriter json, ReadOnlySpan<int> shape)
    {
        json.WriteStartArray("shape");
        foreach (var size in shape)
            json.WriteNumberValue(size);
        json.WriteEndArray();
    }
}
