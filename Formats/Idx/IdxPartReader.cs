using System.Runtime.CompilerServices;
using Platform.Core.Models.Datasets;
using Platform.Formats.Items;

namespace Platform.Formats.Idx;

/// <summary>Some of the images of a file that is not compressed.</summary>
internal sealed class IdxPartReader(Stream input, RowPart part, ItemLayout layout, FormatLimits limits) : IRowReader
{
    public async IAsyncEnumerable<InputRow> ReadAsync([EnumeratorCancellation] CancellationToken ct)
    {
        var images = await IdxImages.ReadHeaderAsync(input, layout, limits, ct);
        input.Position = part.Offset;
        var all = new byte[images.RowBytes * part.Rows];
        await input.ReadExactlyAsync(all, ct);
        for (var i = 0; i < part.Rows; i++) yield return images.ToRow(part.First + i, all.AsSpan(i * images.RowBytes, images.RowBytes));
    }

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;
}
