using System.Runtime.CompilerServices;
using Platform.Formats.Items;

namespace Platform.Formats.Idx;

/// <summary>Some of the images of a file that is not compressed.</summary>
internal sealed class IdxPartReader(Stream input, RowPart part, ItemLayout layout, FormatLimits limits) : IRowReader
{
    public async IAsyncEnumerable<InputRow> ReadAsync([EnumeratorCancellation] CancellationToken ct)
    {
        var images = await IdxImages.ReadHeaderAsync(input, layout, limits, ct);
        input.Position = part.Offset;
        var image = new byte[images.RowBytes];
        for (var i = 0; i < part.Rows; i++)
        {
            await input.ReadExactlyAsync(image, ct);
            yield return images.ToRow(part.First + i, image);
        }
    }

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;
}
