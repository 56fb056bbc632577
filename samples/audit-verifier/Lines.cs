using System.Buffers;

namespace Platform.AuditVerifier;

/// <summary>A file's lines as bytes; nothing but the line ends is interpreted, and a last line without one counts.</summary>
internal static class Lines
{
    private const int BufferBytes = 1 << 16;

    public static IEnumerable<byte[]> Of(string path)
    {
        using var file = File.OpenRead(path);
        var line = new ArrayBufferWriter<byte>();
        var buffer = new byte[BufferBytes];
        int read;
        while ((read = file.Read(buffer)) > 0)
        {
            for (var start = 0; start < read;)
            {
                var end = Array.IndexOf(buffer, (byte)'\n', start, read - start);
                line.Write(buffer.AsSpan(start, (end < 0 ? read : end) - start));
                if (end < 0) break;
                yield return line.WrittenSpan.ToArray();
                line.ResetWrittenCount();
                start = end + 1;
            }
        }

        if (line.WrittenCount > 0) yield return line.WrittenSpan.ToArray();
    }
}
