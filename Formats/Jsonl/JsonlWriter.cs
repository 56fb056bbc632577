using System.Buffers;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace Platform.Formats.Jsonl;

/// <summary><c>{"row":0,"model_version":"2.0.0","outputs":{"probabilities":[…]}}</c> a line.</summary>
internal sealed class JsonlWriter(Stream output) : IRowWriter
{
    private const int FlushBytes = 64 << 10;

    private readonly ArrayBufferWriter<byte> buffer = new(2 * FlushBytes);
    private readonly Utf8JsonWriter json = new(
        Stream.Null, new JsonWriterOptions { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, SkipValidation = true });

    public ValueTask WriteAsync(OutputRow row, CancellationToken ct)
    {
        json.Reset(buffer);
        json.WriteStartObject();
        json.WriteNumber("row"u8, row.Number);
        json.WriteString("model_version"u8, row.ModelVersion);
        json.WriteStartObject("outputs"u8);
        foreach (var tensor in row.Outputs)
        {
            json.WritePropertyName(tensor.Name);
            JsonTensorText.Write(json, tensor);
        }

        json.WriteEndObject();
        json.WriteEndObject();
        json.Flush();
        buffer.Write("\n"u8);
        return buffer.WrittenCount < FlushBytes ? ValueTask.CompletedTask : FlushAsync(ct);
    }

    public async ValueTask CompleteAsync(CancellationToken ct)
    {
        await FlushAsync(ct);
        await output.FlushAsync(ct);
    }

    public ValueTask DisposeAsync() => json.DisposeAsync();

    private async ValueTask FlushAsync(CancellationToken ct)
    {
        await output.WriteAsync(buffer.WrittenMemory, ct);
        buffer.ResetWrittenCount();
    }
}
