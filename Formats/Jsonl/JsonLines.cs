using System.Text.Unicode;

namespace Platform.Formats.Jsonl;

/// <summary>The lines of a file that are rows, and what makes the whole file unreadable.</summary>
/// <param name="first">Number of the first row that is read here; 0 at a file's beginning.</param>
internal sealed class JsonLines(Stream input, FormatLimits limits, long first = 0) : IDisposable
{
    private readonly LineReader lines = new(input, limits.MaxRowBytes);
    private bool hasBegun = first > 0;

    /// <summary>Of the row that was read last.</summary>
    public long Number { get; private set; } = first - 1;

    /// <summary>Where that row's line begins, in bytes from where reading began.</summary>
    public long Offset { get; private set; }

    /// <summary>The next row's line; null after the last. Valid until the next call.</summary>
    /// <exception cref="InputFormatException">A line is too long or no text.</exception>
    public async ValueTask<ReadOnlyMemory<byte>?> ReadAsync(CancellationToken ct)
    {
        while (true)
        {
            Offset = lines.Position;
            if (await lines.ReadAsync(ct) is not var (bytes, isWhole)) return null;
            if (!isWhole)
            {
                throw new InputFormatException(
                    $"The line is longer than {limits.MaxRowBytes} bytes.", "Put one item on a line, and each on a line of its own.", Number + 1);
            }

            // Some editors put a byte order mark before the first line.
            var line = !hasBegun && bytes.Span.StartsWith("\uFEFF"u8) ? bytes[3..] : bytes;
            hasBegun = true;
            if (line.Span.Trim(" \t\r"u8).IsEmpty) continue;
            Number++;
            if (!Utf8.IsValid(line.Span))
                throw new InputFormatException("The line is not valid UTF-8.", "Write the file in UTF-8; compressed files must be unpacked first.", Number);
            return line;
        }
    }

    public void Dispose() => lines.Dispose();
}
