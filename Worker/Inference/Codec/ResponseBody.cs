using System.Buffers;
using System.Collections.Immutable;
using System.Globalization;
using System.IO.Pipelines;
using System.Text;
using Platform.Worker.Onnx;
using Platform.Worker.Tensors;

namespace Platform.Worker.Inference.Codec;

/// <summary>The answer as the client gets it: JSON, then the outputs it asked for in binary.</summary>
internal sealed class ResponseBody : IDisposable
{
    private const int InitialBytes = 1024;
    private readonly ByteWriter json = new(InitialBytes);
    private readonly List<OutputTensor> binary = [];

    /// <summary>Null where no output is binary, or all of those are empty: then the answer is plain JSON.</summary>
    public int? HeaderLength { get; private set; }

    public long Length => json.Length + (HeaderLength is null ? 0 : binary.Sum(tensor => (long)tensor.Bytes.Length));

    /// <summary>The outputs must live until it has been sent.</summary>
    public static ResponseBody Write(
        string model, string version, string? id, OutputTensor[] outputs, ImmutableArray<RequestedOutput> requested)
    {
        var body = new ResponseBody();
        try
        {
            body.WriteJson(model, version, id, outputs, requested);
            return body;
        }
        catch
        {
            body.Dispose();
            throw;
        }
    }

    public string ContentType => HeaderLength is null ? "application/json" : "application/octet-stream";

    /// <summary>Flushes as seldom as may be: each time is a call of the system.</summary>
    public async ValueTask SendAsync(PipeWriter writer, CancellationToken cancellation)
    {
        writer.Write(json.Written.Span);
        if (HeaderLength is not null)
        {
            foreach (var tensor in binary) await GatherAsync(tensor, writer, cancellation);
        }

        await writer.FlushAsync(cancellation);
    }

    public void Dispose() => json.Dispose();

    private void WriteJson(string model, string version, string? id, OutputTensor[] outputs, ImmutableArray<RequestedOutput> requested)
    {
        json.Write("{\"model_name\":"u8);
        WriteText(model);
        json.Write(",\"model_version\":"u8);
        WriteText(version);
        if (id is not null)
        {
            json.Write(",\"id\":"u8);
            WriteText(id);
        }

        json.Write(",\"outputs\":["u8);
        // There may be one more, that was run for us and not for the client.
        for (var i = 0; i < requested.Length; i++)
        {
            if (i > 0) json.Write((byte)',');
            WriteOutput(outputs[i], requested[i].IsBinary);
        }

        json.Write("]}"u8);
        if (binary.Exists(tensor => tensor.Bytes.Length > 0)) HeaderLength = json.Length;
    }

    private void WriteOutput(OutputTensor tensor, bool isBinary)
    {
        json.Write("{\"name\":"u8);
        JsonData.WriteString(json, tensor.Spec.Utf8Name);
        json.Write(",\"datatype\":\""u8);
        json.Write(Encoding.ASCII.GetBytes(tensor.Spec.Datatype.Name()));
        json.Write("\",\"shape\":["u8);
        for (var i = 0; i < tensor.Shape.Length; i++)
        {
            if (i > 0) json.Write((byte)',');
            WriteNumber(tensor.Shape[i]);
        }

        json.Write((byte)']');
        if (isBinary)
        {
            binary.Add(tensor);
            json.Write(",\"parameters\":{\"binary_data_size\":"u8);
            WriteNumber(tensor.Bytes.Length);
            json.Write("}}"u8);
            return;
        }

        json.Write(",\"data\":"u8);
        JsonData.Write(json, tensor);
        json.Write((byte)'}');
    }

    private void WriteText(string text)
    {
        Span<byte> utf8 = stackalloc byte[Math.Min(Encoding.UTF8.GetMaxByteCount(text.Length), 512)];
        if (Encoding.UTF8.TryGetBytes(text, utf8, out var length)) JsonData.WriteString(json, utf8[..length]);
        else JsonData.WriteString(json, Encoding.UTF8.GetBytes(text));
    }

    private void WriteNumber(long value)
    {
        value.TryFormat(json.Room(20), out var written, default, CultureInfo.InvariantCulture);
        json.Advance(written);
    }

    private static async ValueTask GatherAsync(OutputTensor tensor, PipeWriter writer, CancellationToken cancellation)
    {
        const int chunkBytes = 64 * 1024;
        // Straight from the runtime's memory into the connection's, a piece at a time.
        for (var at = 0; at < tensor.Bytes.Length;)
        {
            var rest = tensor.Bytes[at..];
            var piece = rest[..Math.Min(rest.Length, chunkBytes)];
            piece.CopyTo(writer.GetSpan(piece.Length));
            writer.Advance(piece.Length);
            at += piece.Length;
            if (piece.Length == chunkBytes) await writer.FlushAsync(cancellation);
        }
    }
}
