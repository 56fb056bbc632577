using Platform.Core.Models;
using Platform.Formats.Idx;
using Platform.Formats.Items;
using Platform.Formats.Jsonl;

namespace Platform.Formats;

public static class RowLocators
{
    /// <summary>Null where rows of the format can only be told by reading them all: in CSV, Parquet and whatever is compressed.</summary>
    /// <param name="input">At its beginning, and able to seek; left open.</param>
    /// <exception cref="InputFormatException">Rows of this format cannot hold such a model's inputs, or the file is at fault.</exception>
    public static async ValueTask<IRowLocator?> OpenAsync(
        string format, Stream input, ModelSignature signature, FormatLimits limits, CancellationToken ct)
    {
        switch (format)
        {
            case RowFormats.Jsonl:
                // That a model's inputs fit the format is seen to here as it is for who reads.
                ItemLayout.OfInputs(signature);
                return new JsonlLocator(input, limits);
            case RowFormats.Idx when !await IdxReader.IsCompressedAsync(input, ct):
                return new IdxLocator(input, await IdxImages.ReadHeaderAsync(input, ItemLayout.OfInputs(signature), limits, ct));
            default:
                return null;
        }
    }
}
