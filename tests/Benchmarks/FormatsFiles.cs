using System.Globalization;
using System.Runtime.InteropServices;
using System.Text;
using Parquet;
using Parquet.Schema;
using Platform.Formats;

namespace Platform.Benchmarks;

/// <summary>Files of rows with one input <c>x</c>, as a user's own program writes them.</summary>
internal static class FormatsFiles
{
    public static byte[] Jsonl(OutputRow[] rows) => Lines("", rows, row => $"{{\"x\":[{Text(row)}]}}");

    public static byte[] Csv(OutputRow[] rows) =>
        Lines(string.Join(',', Enumerable.Range(0, (int)rows[0].Outputs[0].Shape[0]).Select(i => $"x_{i}")) + "\n", rows, Text);

    public static async Task<byte[]> ParquetAsync(OutputRow[] rows)
    {
        const int GroupElements = 4_000_000;
        using var file = new MemoryStream();
        var schema = new ParquetSchema(new ListField("x", new DataField<float>("element")));
        var width = (int)rows[0].Outputs[0].Shape[0];
        await using (var writer = await ParquetWriter.CreateAsync(schema, file))
        {
            foreach (var group in rows.Chunk(GroupElements / width))
            {
                using var target = writer.CreateRowGroup();
                var values = group.SelectMany(row => MemoryMarshal.Cast<byte, float>(row.Outputs[0].Data.Span).ToArray()).ToArray();
                var repetitions = Enumerable.Range(0, values.Length).Select(i => i % width == 0 ? 0 : 1).ToArray();
                await target.WriteAllPartsAsync<float>(schema.GetDataFields()[0], values, Enumerable.Repeat(2, values.Length).ToArray(), repetitions, CancellationToken.None);
            }
        }

        return file.ToArray();
    }

    private static byte[] Lines(string head, OutputRow[] rows, Func<OutputRow, string> line)
    {
        var text = new StringBuilder(head);
        foreach (var row in rows) text.Append(line(row)).Append('\n');
        return Encoding.UTF8.GetBytes(text.ToString());
    }

    private static string Text(OutputRow row) => string.Join(
        ',', MemoryMarshal.Cast<byte, float>(row.Outputs[0].Data.Span).ToArray().Select(value => value.ToString("R", CultureInfo.InvariantCulture)));
}
