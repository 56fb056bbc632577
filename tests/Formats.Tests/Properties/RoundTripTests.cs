using CsCheck;
using Platform.Core.Models;
using Platform.Formats.Tests.Support;

namespace Platform.Formats.Tests.Properties;

/// <summary>What is written is read again bit by bit, of every datatype.</summary>
public sealed class RoundTripTests
{
    [Theory]
    [InlineData(RowFormats.Jsonl, 400)]
    [InlineData(RowFormats.Csv, 400)]
    [InlineData(RowFormats.Parquet, 200)]
    public async Task Rows_Written_AreReadAsTheyWere(string format, int times)
    {
        // In CSV a free dimension is the number of columns, the same for all rows: see CsvRowWriterTests.
        var cases = from specs in Support.Rows.Specs(free: format != RowFormats.Csv)
                    from rows in Support.Rows.Of(specs)
                    select (specs, rows);
        await cases.SampleAsync(
            async sample =>
            {
                var signature = Signatures.Of(sample.specs);
                var outputs = signature with { Outputs = signature.Inputs };
                var file = await Writing.InputsAsync(format, outputs, sample.rows);
                var read = sample.rows.Length == 0 && format == RowFormats.Jsonl ? [] : await Reading.AllAsync(format, file, signature);
                Assert.Equal(sample.rows.Select(Text), read.Select(Text));
            },
            iter: times,
            threads: 1);
    }

    private static string Text(OutputRow row) => Text(row.Number, row.Outputs);

    private static string Text(InputRow row) => row.Fault is { } fault ? $"{row.Number} {fault}" : Text(row.Number, row.Tensors);

    private static string Text(long number, IEnumerable<RowTensor> tensors) => $"{number} " + string.Join(
        "; ", tensors.Select(tensor => $"{tensor.Name} {tensor.Datatype} [{string.Join(",", tensor.Shape)}] {Convert.ToHexString(tensor.Data.Span)}"));
}
