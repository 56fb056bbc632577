using System.IO.Compression;
using Microsoft.Net.Http.Headers;

namespace Platform.Api.Inference;

/// <summary>How an answer's body is compressed, as the client's Accept-Encoding allows: gzip, deflate or not at all.</summary>
internal static class AnswerEncoding
{
    private static readonly string[] Known = ["gzip", "deflate"];

    /// <summary>The best of the encodings that the client names; null when it names none of ours or prefers none.</summary>
    public static string? Choose(HttpRequest request)
    {
        var header = request.Headers.AcceptEncoding;
        if (header.Count == 0 || !StringWithQualityHeaderValue.TryParseList([.. header.OfType<string>()], out var asked)) return null;
        var identity = asked.FirstOrDefault(one => one.Value == "identity")?.Quality ?? 0;
        return Known
            .Select(name => (Name: name, Quality: asked.FirstOrDefault(one => one.Value.Equals(name, StringComparison.OrdinalIgnoreCase)) is { } one ? one.Quality ?? 1 : 0))
            .Where(one => one.Quality > 0 && one.Quality >= identity)
            .OrderByDescending(one => one.Quality)
            .FirstOrDefault().Name;
    }

    public static async Task WriteAsync(HttpResponse response, string encoding, ReadOnlyMemory<byte> body, CancellationToken cancellation)
    {
        response.Headers.ContentEncoding = encoding;
        response.Headers.Vary = HeaderNames.AcceptEncoding;
        await using Stream compressed = encoding == "gzip"
            ? new GZipStream(response.Body, CompressionLevel.Fastest, leaveOpen: true)
            : new ZLibStream(response.Body, CompressionLevel.Fastest, leaveOpen: true);
        await compressed.WriteAsync(body, cancellation);
    }
}
