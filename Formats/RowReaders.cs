using Platform.Core.Jobs;
using Platform.Core.Models;
using Platform.Formats.Csv;
using Platform.Formats.Idx;
using Platform.Formats.Items;
using Platform.Formats.Jsonl;
using Platform.Formats.Parquet;

namespace Platform.Formats;

public static class RowReaders
{
    /// <param name="format">One of <see cref="JobFormats.Inputs"/>.</param>
    /// <param name="input">Read from where it stands and left open; for Parquet, whose end is read first, all of it, and it must be able to seek.</param>
    /// <exception cref="InputFormatException">Rows of this format cannot hold such a model's inputs.</exception>
    /// <exception cref="ArgumentException">There is no such format.</exception>
    public static IRowReader Open(string format, Stream input, ModelSignature signature, FormatLimits limits)
    {
        var layout = ItemLayout.OfInputs(signature);
        return format switch
        {
            RowFormats.Jsonl => new JsonlReader(input, layout, limits),
            RowFormats.Csv => new CsvRowReader(input, layout, limits),
            RowFormats.Parquet => new ParquetRowReader(input, layout, limits),
            RowFormats.Idx => new IdxReader(input, layout, limits),
            _ => throw new ArgumentException($"There is no input format '{format}'; give one of {string.Join(", ", JobFormats.Inputs)}.", nameof(format)),
        };
    }

    /// <summary>Reads rows that a locator found.</summary>
    /// <param name="input">The whole file at its beginning, able to seek; left open.</param>
    /// <exception cref="ArgumentException">The format has no locator.</exception>
    public static IRowReader OpenPart(string format, Stream input, RowPart part, ModelSignature signature, FormatLimits limits)
    {
        var layout = ItemLayout.OfInputs(signature);
        return format switch
        {
            RowFormats.Jsonl => new JsonlReader(input, layout, limits, part),
            RowFormats.Idx => new IdxPartReader(input, part, layout, limits),
            _ => throw new ArgumentException($"Rows of the format '{format}' cannot be read in parts.", nameof(format)),
        };
    }
}
