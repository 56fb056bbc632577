using System.Runtime.CompilerServices;
using System.Text.Unicode;
using Platform.Formats.Items;

namespace Platform.Formats.Jsonl;

/// <summary>A JSON object a line: a V2 request's <c>inputs</c>, or the inputs by their names.</summary>
internal sealed class JsonlReader(Stream input, ItemLayout layout, FormatLimits limits) : IRowReader
{
    private readonly LineReader lines = new(input, limits.MaxRowBytes);
    private readonly JsonRow row = new(layout, limits);

    public async IAsyncEnumerable<InputRow> ReadAsync([EnumeratorCancellation] CancellationToken ct)
    {
        var number = 0L;
        var isFirst = true;
        while (await lines.ReadAsync(ct) is var (bytes, isWhole))
        {
            if (!isWhole)
            {
                throw new InputFormatException(
                    $"The line is longer than {limits.MaxRowBytes} bytes.", "Put one item on a line, and each on a line of its own.", number);
            }

            // Some editors put a byte order mark before the first line.
            var line = isFirst && bytes.Span.StartsWith("\uFEFF"u8) ? bytes[3..] : bytes;
            isFirst = false;
            if (line.Span.Trim(" \t\r"u8).IsEmpty) continue;
            if (!Utf8.IsValid(line.Span))
                throw new InputFormatException("The line is not valid UTF-8.", "Write the file in UTF-8; compressed files must be unpacked first.", number);
            yield return row.Read(number++, line.Span);
        }
    }

    public ValueTask DisposeAsync()
    {
        lines.Dispose();
        return ValueTask.CompletedTask;
    }
}
