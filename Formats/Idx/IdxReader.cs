using System.Collections.Immutable;
using System.IO.Compression;
using System.IO.Pipelines;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Platform.Core.Models.Datasets;
using Platform.Core.Tensors;
using Platform.Formats.Items;

namespace Platform.Formats.Idx;

/// <summary>MNIST's images as the items of a model's only input, from 0 to 1 as in validation; as they are or in gzip.</summary>
internal sealed class IdxReader(Stream input, ItemLayout layout, FormatLimits limits) : IRowReader
{
    private const string Fix = "Send the file of images as MNIST gives it.";

    private readonly PipeReader pipe = PipeReader.Create(input, new StreamPipeReaderOptions(leaveOpen: true));

    public async IAsyncEnumerable<InputRow> ReadAsync([EnumeratorCancellation] CancellationToken ct)
    {
        await using var file = await OpenAsync(ct);
        var header = await HeaderAsync(file, ct);
        var (tensor, shape) = Fit(header);
        var image = new byte[header.RowBytes];
        for (var number = 0; number < header.Rows; number++)
        {
            if (await FillAsync(file, image, ct) < image.Length)
                throw new InputFormatException($"The file ends here, but its header says {header.Rows} images.", $"It was cut. {Fix}", number);
            var pixels = new byte[image.Length * sizeof(float)];
            IdxHeader.Scale(image, MemoryMarshal.Cast<byte, float>(pixels.AsSpan()));
            yield return new(number, [new(tensor.Name, tensor.Datatype, shape, pixels)], null);
        }

        if (await FillAsync(file, image.AsMemory(0, 1), ct) > 0)
            throw new InputFormatException($"More bytes follow than the {header.Rows} images of the header.", Fix, header.Rows);
    }

    public ValueTask DisposeAsync() => pipe.CompleteAsync();

    private async ValueTask<Stream> OpenAsync(CancellationToken ct)
    {
        var begin = await pipe.ReadAtLeastAsync(2, ct);
        var isGzip = begin.Buffer.Length >= 2 && begin.Buffer.FirstSpan is [0x1F, 0x8B, ..];
        pipe.AdvanceTo(begin.Buffer.Start);
        return isGzip ? new GZipStream(pipe.AsStream(), CompressionMode.Decompress) : pipe.AsStream(leaveOpen: true);
    }

    private async ValueTask<IdxHeader> HeaderAsync(Stream file, CancellationToken ct)
    {
        var head = new byte[IdxHeader.Bytes(IdxHeader.ImageRank)];
        await FillAsync(file, head, ct);
        try
        {
            var header = IdxHeader.Parse(head, IdxHeader.ImageRank);
            return header.RowBytes <= limits.MaxRowBytes
                ? header
                : throw new InputFormatException($"An image has {header.RowBytes} bytes, and {limits.MaxRowBytes} are allowed.", Fix);
        }
        catch (DatasetException e)
        {
            throw new InputFormatException($"The header is wrong: {e.Message}.", Fix, inner: e);
        }
    }

    /// <summary>As <c>[1,rows,columns]</c>, or in whichever shape holds as many elements.</summary>
    private (ItemTensor Tensor, ImmutableArray<long> Shape) Fit(IdxHeader header)
    {
        if (layout.Tensors is [{ Datatype: Datatype.Fp32 } only]
            && (only.Accept([1, header.Dimensions[1], header.Dimensions[2]], out var shape) is null
                || only.ShapeOf((int)header.RowBytes, out shape) is null))
        {
            return (only, shape);
        }

        throw new InputFormatException(
            $"The images have {header.Dimensions[1]} × {header.Dimensions[2]} pixels, but the model takes "
                + $"{string.Join(", ", layout.Tensors.Select(tensor => $"'{tensor.Name}' as {tensor.Description}"))}.",
            "idx is for models with one FP32 input of the images' size; use another format.");
    }

    private static async ValueTask<int> FillAsync(Stream file, Memory<byte> to, CancellationToken ct)
    {
        try
        {
            return await file.ReadAtLeastAsync(to, to.Length, throwOnEndOfStream: false, ct);
        }
        catch (InvalidDataException e)
        {
            throw new InputFormatException("The file cannot be decompressed.", $"It was damaged or cut. {Fix}", inner: e);
        }
    }
}
