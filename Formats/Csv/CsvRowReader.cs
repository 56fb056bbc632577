using System.Collections.Immutable;
using System.Runtime.CompilerServices;
using System.Text.Unicode;
using CsvHelper;
using Platform.Core.Tensors;
using Platform.Formats.Items;

namespace Platform.Formats.Csv;

/// <summary>RFC 4180 with a header; commas, UTF-8.</summary>
internal sealed class CsvRowReader(Stream input, ItemLayout layout, FormatLimits limits) : IRowReader
{
    private const string QuoteFix = "Enclose fields with commas, quotes or line breaks in quotes, and double the quotes in them.";

    private readonly CsvReader csv = CsvReader.Create(
        input,
        new CsvReaderOptions { Separator = ',', MaxRecordSize = limits.MaxRowBytes, MalformedData = CsvMalformedDataHandling.Throw },
        leaveOpen: true);

    private readonly ElementBuffer[] elements = [.. layout.Tensors.Select(tensor => new ElementBuffer(tensor.Datatype))];

    public async IAsyncEnumerable<InputRow> ReadAsync([EnumeratorCancellation] CancellationToken ct)
    {
        var columns = await ReadHeaderAsync(ct);
        for (var number = 0L; await NextAsync(number, ct); number++)
        {
            if (csv.RawRecord.Length > limits.MaxRowBytes) throw TooLong(number);
            if (!Utf8.IsValid(csv.RawRecord))
                throw new InputFormatException("The record is not valid UTF-8.", "Write the file in UTF-8.", number);
            yield return Read(number, columns);
        }
    }

    public ValueTask DisposeAsync() => csv.DisposeAsync();

    private async ValueTask<ImmutableArray<TensorColumns>> ReadHeaderAsync(CancellationToken ct)
    {
        try
        {
            await csv.ReadHeaderAsync(ct);
        }
        catch (CsvFormatException e)
        {
            throw new InputFormatException($"The header cannot be read: {e.Message}", $"It may have {limits.MaxRowBytes} bytes. {QuoteFix}", inner: e);
        }

        if (csv.Headers.Count == 0) throw new InputFormatException("The file is empty.", $"Begin it with a header such as {ColumnNames.Example(layout)}.");
        return csv.Headers.Count <= limits.MaxColumns
            ? ColumnMap.Of([.. csv.Headers], layout)
            : throw new InputFormatException(
                $"The header has {csv.Headers.Count} columns, and {limits.MaxColumns} are allowed.", "Give one item a line; for larger items use Parquet's lists.",
                column: ColumnNames.Shortened(csv.Headers[limits.MaxColumns]));
    }

    private async ValueTask<bool> NextAsync(long number, CancellationToken ct)
    {
        try
        {
            return await csv.ReadAsync(ct);
        }
        catch (CsvFormatException e) when (csv.RawRecord.Length > limits.MaxRowBytes)
        {
            throw TooLong(number, e);
        }
        catch (CsvFormatException e)
        {
            throw new InputFormatException($"The record cannot be read: {e.Message}", QuoteFix, number, inner: e);
        }
    }

    private InputFormatException TooLong(long number, Exception? inner = null) => new(
        $"The record is longer than {limits.MaxRowBytes} bytes.", "Give one item a line, and close every quote.", number, inner: inner);

    private InputRow Read(long number, ImmutableArray<TensorColumns> map)
    {
        if (csv.FieldCount != csv.Headers.Count)
        {
            var first = csv.FieldCount < csv.Headers.Count ? csv.Headers[csv.FieldCount] : $"field {csv.Headers.Count + 1}";
            return Faulty(number, $"It has {csv.FieldCount} fields, but the header has {csv.Headers.Count} columns.", first);
        }

        var tensors = ImmutableArray.CreateBuilder<RowTensor>(map.Length);
        for (var i = 0; i < map.Length; i++)
        {
            elements[i].Clear();
            foreach (var column in map[i].Columns)
            {
                var field = csv.GetSpan(column);
                var reason = map[i].Tensor.Datatype is Datatype.Bytes ? CsvBytes.Add(elements[i], field) : ElementText.Add(elements[i], field, limits);
                if (reason is not null) return Faulty(number, reason, csv.Headers[column]);
            }

            tensors.Add(new(map[i].Tensor.Name, map[i].Tensor.Datatype, map[i].Shape, elements[i].Take()));
        }

        return new(number, tensors.MoveToImmutable(), null);
    }

    private static InputRow Faulty(long number, string reason, string? column) => new(number, [], new(reason, column));
}
