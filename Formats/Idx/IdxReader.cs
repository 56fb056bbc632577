using System.IO.Compression;
using System.IO.Pipelines;
using System.Runtime.CompilerServices;
using Platform.Formats.Items;

namespace Platform.Formats.Idx;

/// <summary>MNIST's images as the items of a model's only input, from 0 to 1 as in validation; as they are or in gzip.</summary>
internal sealed class IdxReader(Stream input, ItemLayout layout, FormatLimits limits) : IRowReader
{
    private readonly PipeReader pipe = PipeReader.Create(input, new StreamPipeReaderOptions(leaveOpen: true));

    /// <summary>Looks at how a file begins, and goes back there.</summary>
    public static async ValueTask<bool> IsCompressedAsync(Stream input, CancellationToken ct)
    {
        var begin = new byte[2];
        var read = await input.ReadAtLeastAsync(begin, begin.Length, throwOnEndOfStream: false, ct);
        input.Position = 0;
        return read == begin.Length && begin is [0x1F, 0x8B];
    }

    public async IAsyncEnumerable<InputRow> ReadAsync([EnumeratorCancellation] CancellationToken ct)
    {
        await using var file = await OpenAsync(ct);
        var images = await IdxImages.ReadHeaderAsync(file, layout, limits, ct);
        var image = new byte[images.RowBytes];
        for (var number = 0; number < images.Rows; number++)
        {
            if (await IdxImages.FillAsync(file, image, ct) < image.Length) throw images.Cut(number);
            yield return images.ToRow(number, image);
        }

        if (await IdxImages.FillAsync(file, image.AsMemory(0, 1), ct) > 0) throw images.TooLong();
    }

    public ValueTask DisposeAsync() => pipe.CompleteAsync();

    private async ValueTask<Stream> OpenAsync(CancellationToken ct)
    {
        var begin = await pipe.ReadAtLeastAsync(2, ct);
        var isGzip = begin.Buffer.Length >= 2 && begin.Buffer.FirstSpan is [0x1F, 0x8B, ..];
        pipe.AdvanceTo(begin.Buffer.Start);
        return isGzip ? new GZipStream(pipe.AsStream(), CompressionMode.Decompress) : pipe.AsStream(leaveOpen: true);
    }
}
