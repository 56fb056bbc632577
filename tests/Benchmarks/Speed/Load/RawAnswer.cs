using System.Buffers.Text;

namespace Platform.Benchmarks.Speed.Load;

/// <summary>As much of an HTTP/1.1 answer as is needed to know that all of it is there.</summary>
internal readonly record struct RawAnswer(bool IsWhole, int Status)
{
    public static RawAnswer Read(ReadOnlySpan<byte> text)
    {
        var end = text.IndexOf("\r\n\r\n"u8);
        if (end < 0) return default;
        var head = text[..end];
        var body = text[(end + 4)..];
        var status = ((head[9] - '0') * 100) + ((head[10] - '0') * 10) + head[11] - '0';
        var at = head.IndexOf("Content-Length: "u8);
        // Without a length it is chunked, and the last chunk is empty.
        if (at < 0) return new(body.EndsWith("0\r\n\r\n"u8), status);
        return new(Utf8Parser.TryParse(head[(at + "Content-Length: ".Length)..], out int length, out _) && body.Length >= length, status);
    }
}
