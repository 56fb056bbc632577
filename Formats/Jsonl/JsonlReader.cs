using System.Runtime.CompilerServices;
using Platform.Formats.Items;

namespace Platform.Formats.Jsonl;

/// <summary>A JSON object a line: a V2 request's <c>inputs</c>, or the inputs by their names.</summary>
/// <param name="part">Which rows; null for all of them.</param>
internal sealed class JsonlReader(Stream input, ItemLayout layout, FormatLimits limits, RowPart? part = null) : IRowReader
{
    private readonly JsonLines lines = new(input, limits, part?.First ?? 0);
    private readonly JsonRow row = new(layout, limits);

    public async IAsyncEnumerable<InputRow> ReadAsync([EnumeratorCancellation] CancellationToken ct)
    {
        if (part is not null) input.Position = part.Offset;
        for (var left = part?.Rows ?? long.MaxValue; left > 0 && await lines.ReadAsync(ct) is { } line; left--)
            yield return row.Read(lines.Number, line.Span);
    }

    public ValueTask DisposeAsync()
    {
        lines.Dispose();
        return ValueTask.CompletedTask;
    }
}
