using System.Runtime.CompilerServices;
using Platform.Core.Models.Datasets;

namespace Platform.Formats.Idx;

/// <summary>The images of a file that is not compressed: all of one size, one after the other.</summary>
internal sealed class IdxLocator(Stream input, IdxImages images) : IRowLocator
{
    public async IAsyncEnumerable<RowPlace> FindAsync([EnumeratorCancellation] CancellationToken ct)
    {
        await Task.CompletedTask;
        var bytes = images.RowBytes;
        for (var number = 0; number < images.Rows; number++)
        {
            var place = new RowPlace(number, IdxHeader.Bytes(IdxHeader.ImageRank) + ((long)number * bytes), bytes);
            if (place.Offset + bytes > input.Length) throw images.Cut(number);
            yield return place;
        }

        if (input.Length > IdxHeader.Bytes(IdxHeader.ImageRank) + ((long)images.Rows * bytes)) throw images.TooLong();
    }

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;
}
