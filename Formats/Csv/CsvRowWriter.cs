using System.Collections.Immutable;
using CsvHelper;
using Platform.Formats.Items;

namespace Platform.Formats.Csv;

/// <summary>The columns <c>row</c> and <c>model_version</c>, then the elements of the outputs, named as the reader names them.</summary>
internal sealed class CsvRowWriter(Stream output, ItemLayout layout) : IRowWriter
{
    private readonly CsvWriter csv = CsvWriter.Create(
        output, new CsvWriterOptions { NewLine = "\n", TrueValue = "true", FalseValue = "false" }, leaveOpen: true);

    /// <summary>Elements of each output: of those with free dimensions what the first row has.</summary>
    private ImmutableArray<long> widths;

    public async ValueTask WriteAsync(OutputRow row, CancellationToken ct)
    {
        if (widths.IsDefault) await WriteHeaderAsync([.. row.Outputs.Select(Count)], ct);
        for (var i = 0; i < row.Outputs.Length; i++)
        {
            if (Count(row.Outputs[i]) == widths[i]) continue;
            throw new InputFormatException(
                $"The output has {Count(row.Outputs[i])} elements here and {widths[i]} in the first row.", "Ask for jsonl or parquet.", row.Number, row.Outputs[i].Name);
        }

        csv.WriteField(row.Number);
        csv.WriteField(row.ModelVersion);
        foreach (var tensor in row.Outputs) CsvTensorText.Write(csv, tensor);
        await csv.EndRecordAsync(ct);
    }

    public async ValueTask CompleteAsync(CancellationToken ct)
    {
        if (widths.IsDefault) await WriteHeaderAsync([.. layout.Tensors.Select(tensor => tensor.Elements ?? 1)], ct);
        await csv.FlushAsync(ct);
    }

    public ValueTask DisposeAsync() => csv.DisposeAsync();

    private async ValueTask WriteHeaderAsync(ImmutableArray<long> elements, CancellationToken ct)
    {
        csv.WriteField("row");
        csv.WriteField("model_version");
        for (var i = 0; i < elements.Length; i++)
        {
            for (var element = 0; element < elements[i]; element++) csv.WriteField(ColumnNames.Of(layout.Tensors[i], element, elements[i]));
        }

        await csv.EndRecordAsync(ct);
        widths = elements;
    }

    private static long Count(RowTensor tensor) => tensor.Shape.Aggregate(1L, (product, size) => product * size);
}
