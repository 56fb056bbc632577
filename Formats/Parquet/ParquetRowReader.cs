using System.Collections.Immutable;
using System.Runtime.CompilerServices;
using Parquet;
using Platform.Formats.Items;

namespace Platform.Formats.Parquet;

/// <summary>A row group at a time, of typed columns and lists.</summary>
internal sealed class ParquetRowReader(Stream input, ItemLayout layout, FormatLimits limits) : IRowReader
{
    private const string DamagedFix = "The file is damaged, or uses what this reader does not know; write it again, with pyarrow for instance.";
    private const string OtherFix = "Write data pages of version 1, which is what pyarrow does unless told otherwise.";

    private readonly WindowStream file = input.CanSeek
        ? new(input)
        : throw new ArgumentException("Parquet is read from its end; the stream must be able to seek.", nameof(input));

    private readonly ElementBuffer[] elements = [.. layout.Tensors.Select(tensor => new ElementBuffer(tensor.Datatype))];
    private ImmutableArray<ParquetTensor> tensors = [];
    private ParquetReader? reader;

    public async IAsyncEnumerable<InputRow> ReadAsync([EnumeratorCancellation] CancellationToken ct)
    {
        var groups = await GuardAsync(() => OpenAsync(ct), null);
        var number = 0L;
        for (var i = 0; i < groups; i++)
        {
            var rows = await GuardAsync(() => LoadAsync(i, number, ct), number);
            for (var row = 0L; row < rows; row++) yield return Read(number++);
        }
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var column in tensors.SelectMany(tensor => tensor.Columns)) column.Dispose();
        if (reader is not null) await reader.DisposeAsync();
    }

    /// <returns>How many row groups there are.</returns>
    private async Task<int> OpenAsync(CancellationToken ct)
    {
        await ParquetFooter.ReadAsync(file, limits, ct);
        reader = await ParquetReader.CreateAsync(file, new ParquetOptions(), leaveStreamOpen: true, ct);
        tensors = ParquetMap.Of(reader.Schema, layout, limits);
        return reader.RowGroupCount;
    }

    /// <returns>How many rows the group has.</returns>
    private async Task<long> LoadAsync(int index, long number, CancellationToken ct)
    {
        using var group = reader!.OpenRowGroupReader(index);
        RowGroupSize.Check(group.RowGroup, index, number, file.Length, limits);
        foreach (var column in tensors.SelectMany(tensor => tensor.Columns))
        {
            await GuardAsync(
                async () =>
                {
                    await column.LoadAsync(file, group, limits, ct);
                    return column;
                },
                number,
                column.Name);
        }

        return group.RowCount;
    }

    private InputRow Read(long number)
    {
        RowFault? fault = null;
        var read = ImmutableArray.CreateBuilder<RowTensor>(tensors.Length);
        for (var i = 0; i < tensors.Length; i++)
        {
            elements[i].Clear();
            // Each column moves on by a row, also in a row that is at fault already.
            foreach (var column in tensors[i].Columns) fault = Sooner(fault, column.AddNext(elements[i]));
            if (fault is not null) continue;
            var tensor = tensors[i].Tensor;
            if (tensor.ShapeOf(elements[i].Count, out var shape) is { } reason) fault = new(reason, tensor.Name);
            else if (elements[i].Bytes > limits.MaxRowBytes) throw TooLarge(number, tensor);
            else read.Add(new(tensor.Name, tensor.Datatype, shape, elements[i].Take()));
        }

        return fault is null ? new(number, read.MoveToImmutable(), null) : new(number, [], fault);
    }

    private static RowFault? Sooner(RowFault? first, RowFault? second) => first ?? second;

    private InputFormatException TooLarge(long number, ItemTensor tensor) => new(
        $"The item has more than {limits.MaxRowBytes} bytes.", "Give one item a row.", number, tensor.Name);

    /// <summary>A damaged file makes the library fail in many ways; to the owner of the file they are one.</summary>
    private async ValueTask<T> GuardAsync<T>(Func<Task<T>> read, long? number, string? column = null)
    {
        try
        {
            return await read();
        }
        catch (NotImplementedException e)
        {
            // Parquet.Net's word for an encoding that it lacks.
            throw new InputFormatException("The column is written in a way that this reader does not know, such as lists in data pages of version 2.", OtherFix, number, column, e);
        }
        catch (Exception e) when (e is not (OperationCanceledException or InputFormatException) && file.Failure is null)
        {
            throw new InputFormatException($"The file cannot be read here: {e.Message.TrimEnd('.')}.", DamagedFix, number, column, e);
        }
    }
}
