using System.Collections.Immutable;
using System.Runtime.InteropServices;
using Platform.Core.Models.Datasets;
using Platform.Core.Tensors;
using Platform.Formats.Items;

namespace Platform.Formats.Idx;

/// <summary>What a file's header says of its images, and how the model takes them.</summary>
internal sealed class IdxImages
{
    private const string Fix = "Send the file of images as MNIST gives it.";
    private readonly ItemTensor tensor;
    private readonly ImmutableArray<long> shape;

    private IdxImages(IdxHeader header, ItemTensor tensor, ImmutableArray<long> shape) =>
        (Rows, RowBytes, this.tensor, this.shape) = (header.Rows, (int)header.RowBytes, tensor, shape);

    public int Rows { get; }

    public int RowBytes { get; }

    /// <exception cref="InputFormatException">It is no such file, or the model takes no such images.</exception>
    public static async ValueTask<IdxImages> ReadHeaderAsync(Stream file, ItemLayout layout, FormatLimits limits, CancellationToken ct)
    {
        var head = new byte[IdxHeader.Bytes(IdxHeader.ImageRank)];
        await FillAsync(file, head, ct);
        try
        {
            var header = IdxHeader.Parse(head, IdxHeader.ImageRank);
            return header.RowBytes <= limits.MaxRowBytes
                ? Fit(header, layout)
                : throw new InputFormatException($"An image has {header.RowBytes} bytes, and {limits.MaxRowBytes} are allowed.", Fix);
        }
        catch (DatasetException e)
        {
            throw new InputFormatException($"The header is wrong: {e.Message}.", Fix, inner: e);
        }
    }

    /// <summary>Reads as much as there is, up to all of it.</summary>
    /// <exception cref="InputFormatException">It was compressed, and damaged since.</exception>
    public static async ValueTask<int> FillAsync(Stream file, Memory<byte> to, CancellationToken ct)
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

    public InputRow ToRow(long number, ReadOnlySpan<byte> image)
    {
        var pixels = new byte[image.Length * sizeof(float)];
        IdxHeader.Scale(image, MemoryMarshal.Cast<byte, float>(pixels.AsSpan()));
        return new(number, [new(tensor.Name, tensor.Datatype, shape, pixels)], null);
    }

    public InputFormatException Cut(long row) => new($"The file ends here, but its header says {Rows} images.", $"It was cut. {Fix}", row);

    public InputFormatException TooLong() => new($"More bytes follow than the {Rows} images of the header.", Fix, Rows);

    /// <summary>As <c>[1,rows,columns]</c>, or in whichever shape holds as many elements.</summary>
    private static IdxImages Fit(IdxHeader header, ItemLayout layout)
    {
        if (layout.Tensors is [{ Datatype: Datatype.Fp32 } only]
            && (only.Accept([1, header.Dimensions[1], header.Dimensions[2]], out var shape) is null
                || only.ShapeOf((int)header.RowBytes, out shape) is null))
        {
            return new(header, only, shape);
        }

        throw new InputFormatException(
            $"The images have {header.Dimensions[1]} × {header.Dimensions[2]} pixels, but the model takes "
                + $"{string.Join(", ", layout.Tensors.Select(tensor => $"'{tensor.Name}' as {tensor.Description}"))}.",
            "idx is for models with one FP32 input of the images' size; use another format.");
    }
}
