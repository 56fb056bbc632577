using System.Collections.Immutable;
using Parquet;
using Parquet.Schema;
using Platform.Formats.Items;

namespace Platform.Formats.Parquet;

/// <summary>
/// The columns <c>row</c> and <c>model_version</c>, then one an output: a value where it has one element, else a list,
/// row-major. FP16 and BF16 are written as floats, which hold them exactly, BYTES as binary.
/// </summary>
internal sealed class ParquetRowWriter(Stream output, ItemLayout layout) : IRowWriter
{
    /// <summary>Rows are held until there are so many bytes of them, then written as a row group.</summary>
    private const long RowGroupBytes = 32L << 20;

    /// <summary>Of a row, beside its elements.</summary>
    private const int RowBytes = 64;

    private readonly CountedStream counted = new(output);
    private readonly List<long> numbers = [];
    private readonly List<string> versions = [];
    private readonly ImmutableArray<OutputColumn> columns = [.. layout.Tensors.Select(OutputColumn.For)];
    private long held;
    private ParquetSchema? schema;
    private ParquetWriter? writer;

    public ValueTask WriteAsync(OutputRow row, CancellationToken ct)
    {
        numbers.Add(row.Number);
        versions.Add(row.ModelVersion);
        for (var i = 0; i < columns.Length; i++) columns[i].Add(row.Outputs[i]);
        held += RowBytes + row.Outputs.Sum(tensor => (long)tensor.Data.Length);
        return held < RowGroupBytes ? ValueTask.CompletedTask : WriteGroupAsync(ct);
    }

    public async ValueTask CompleteAsync(CancellationToken ct)
    {
        if (numbers.Count > 0) await WriteGroupAsync(ct);
        await OpenAsync(ct);
        // The footer is written here.
        await writer!.DisposeAsync();
        writer = null;
        await output.FlushAsync(ct);
    }

    /// <summary>Without a footer, so that what was not completed does not look as if it were.</summary>
    public ValueTask DisposeAsync()
    {
        writer = null;
        return ValueTask.CompletedTask;
    }

    private async ValueTask OpenAsync(CancellationToken ct)
    {
        if (writer is not null) return;
        schema = new ParquetSchema([new DataField<long>("row"), new DataField("model_version", typeof(string), isNullable: false), .. columns.Select(column => column.Field)]);
        writer = await ParquetWriter.CreateAsync(schema, counted, new ParquetOptions(), append: false, ct);
    }

    private async ValueTask WriteGroupAsync(CancellationToken ct)
    {
        await OpenAsync(ct);
        using var group = writer!.CreateRowGroup();
        var fields = schema!.GetDataFields();
        await group.WriteAsync<long>(fields[0], numbers.ToArray(), null, null, ct);
        await group.WriteAsync(fields[1], versions, null);
        for (var i = 0; i < columns.Length; i++) await columns[i].WriteAsync(group, fields[i + 2], ct);
        group.CompleteValidate();
        numbers.Clear();
        versions.Clear();
        held = 0;
    }
}
