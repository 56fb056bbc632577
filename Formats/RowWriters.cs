using Platform.Core.Jobs;
using Platform.Core.Models;
using Platform.Formats.Csv;
using Platform.Formats.Items;
using Platform.Formats.Jsonl;
using Platform.Formats.Parquet;

namespace Platform.Formats;

public static class RowWriters
{
    /// <summary>Whether files of the format, put one behind the other, are one file.</summary>
    public static bool CanJoin(string format) => format is RowFormats.Jsonl;

    /// <param name="format">One of <see cref="JobFormats.Outputs"/>.</param>
    /// <param name="output">Written from where it stands and left open; it need not be able to seek.</param>
    /// <exception cref="ArgumentException">There is no such format.</exception>
    public static IRowWriter Open(string format, Stream output, ModelSignature signature) => format switch
    {
        RowFormats.Jsonl => new JsonlWriter(output),
        RowFormats.Csv => new CsvRowWriter(output, ItemLayout.OfOutputs(signature)),
        RowFormats.Parquet => new ParquetRowWriter(output, ItemLayout.OfOutputs(signature)),
        _ => throw new ArgumentException($"There is no output format '{format}'; give one of {string.Join(", ", JobFormats.Outputs)}.", nameof(format)),
    };
}
