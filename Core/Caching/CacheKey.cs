using System.Buffers;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Platform.Core.Models;

namespace Platform.Core.Caching;

/// <summary>What tells one question to one version from every other, and the id that the client gave it.</summary>
/// <param name="Digest">SHA-256 of all that the answer depends on, in hexadecimal.</param>
public sealed record CacheKey(string Digest, string? ClientId)
{
    /// <summary>Longer bodies are not worth it.</summary>
    public const int MaxBodyBytes = 4 << 20;

    /// <summary>
    /// Equal for requests with the same tensors, in JSON or in binary, in whatever order and spelling, that want the same
    /// outputs in the same form. Whatever is out of the ordinary gives null: such a request is the worker's to judge.
    /// </summary>
    /// <param name="sha256">Digest of the model's bytes.</param>
    /// <param name="headerLength">How many of the body's bytes are JSON; null when all are.</param>
    public static CacheKey? TryRead(
        string model, string version, string sha256, ModelSignature signature, ReadOnlySpan<byte> body, int? headerLength)
    {
        return TryRead(body, headerLength) is { } request ? new(DigestOf(model, version, sha256, signature, request), request.Id) : null;
    }

    /// <summary>Equal for requests with the same tensors, whatever they want to be told of them; null as above.</summary>
    public static string? TryDigestInputs(string model, string version, string sha256, ReadOnlySpan<byte> body, int? headerLength)
    {
        if (TryRead(body, headerLength) is not { } request) return null;
        var all = new ArrayBufferWriter<byte>();
        AppendInputs(all, model, version, sha256, request);
        return Convert.ToHexStringLower(SHA256.HashData(all.WrittenSpan));
    }

    private static RequestFields? TryRead(ReadOnlySpan<byte> body, int? headerLength)
    {
        if (body.Length > MaxBodyBytes || headerLength > body.Length || headerLength == 0) return null;
        try
        {
            var json = new Utf8JsonReader(body[..(headerLength ?? body.Length)]);
            return RequestFields.TryRead(ref json, body[(headerLength ?? body.Length)..]) is { Inputs.Count: > 0 } request ? request : null;
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException or OverflowException)
        {
            // No JSON, or texts in it that are none: the worker says so in better words.
            return null;
        }
    }

    private static string DigestOf(string model, string version, string sha256, ModelSignature signature, RequestFields request)
    {
        var all = new ArrayBufferWriter<byte>();
        AppendInputs(all, model, version, sha256, request);
        Append(all, "outputs");
        var outputs = request.Outputs.Count > 0 ? request.Outputs : [.. signature.Outputs.Select(output => new RequestedForm(output.Name, null, null))];
        foreach (var output in outputs)
        {
            Append(all, output.Name);
            Append(all, output.IsBinary ?? request.IsBinaryByDefault ? "binary" : "json");
            Append(all, output.Classification?.ToString(System.Globalization.CultureInfo.InvariantCulture) ?? "");
        }

        return Convert.ToHexStringLower(SHA256.HashData(all.WrittenSpan));
    }

    private static void AppendInputs(ArrayBufferWriter<byte> all, string model, string version, string sha256, RequestFields request)
    {
        foreach (var text in new[] { model, version, sha256 }) Append(all, text);
        foreach (var input in request.Inputs.OrderBy(input => input.Name, StringComparer.Ordinal))
        {
            Append(all, input.Name);
            Append(all, input.Datatype);
            Append(all, string.Join(',', input.Shape));
            Append(all, input.Data);
        }
    }

    private static void Append(ArrayBufferWriter<byte> all, string text) => Append(all, Encoding.UTF8.GetBytes(text));

    /// <summary>With its length before it, so that no two lists of parts are the same bytes.</summary>
    private static void Append(ArrayBufferWriter<byte> all, ReadOnlySpan<byte> part)
    {
        System.Buffers.Binary.BinaryPrimitives.WriteInt32LittleEndian(all.GetSpan(sizeof(int)), part.Length);
        all.Advance(sizeof(int));
        all.Write(part);
    }
}
