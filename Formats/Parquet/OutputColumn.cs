using System.Runtime.InteropServices;
using Parquet;
using Parquet.Schema;
using Platform.Core.Tensors;
using Platform.Formats.Items;

namespace Platform.Formats.Parquet;

/// <summary>An output of the rows that are held.</summary>
internal abstract class OutputColumn(ItemTensor tensor)
{
    protected bool IsList => tensor.Elements is not 1;

    protected Datatype Datatype => tensor.Datatype;

    protected string Name => tensor.Name;

    public abstract Field Field { get; }

    public abstract void Add(RowTensor row);

    public abstract Task WriteAsync(ParquetRowGroupWriter group, DataField field, CancellationToken ct);

    public static OutputColumn For(ItemTensor tensor) => tensor.Datatype switch
    {
        Datatype.Bool => new OutputColumn<bool>(tensor, static (_, element) => element[0] != 0),
        Datatype.Uint8 => new OutputColumn<byte>(tensor, static (_, element) => element[0]),
        Datatype.Int8 => new OutputColumn<sbyte>(tensor, static (_, element) => (sbyte)element[0]),
        Datatype.Uint16 => Of<ushort>(tensor),
        Datatype.Int16 => Of<short>(tensor),
        Datatype.Uint32 => Of<uint>(tensor),
        Datatype.Int32 => Of<int>(tensor),
        Datatype.Uint64 => Of<ulong>(tensor),
        Datatype.Int64 => Of<long>(tensor),
        Datatype.Fp64 => Of<double>(tensor),
        Datatype.Bytes => new OutputColumn<ReadOnlyMemory<byte>>(tensor, static (_, element) => element.ToArray()),
        _ => new OutputColumn<float>(tensor, static (datatype, element) => ElementBytes.ToSingle(datatype, element)),
    };

    private static OutputColumn<T> Of<T>(ItemTensor tensor)
        where T : unmanaged => new(tensor, static (_, element) => MemoryMarshal.Read<T>(element));
}

/// <inheritdoc/>
internal sealed class OutputColumn<T>(ItemTensor tensor, Func<Datatype, ReadOnlySpan<byte>, T> read) : OutputColumn(tensor)
    where T : struct
{
    /// <summary>Of a list: that it is there and empty. One more: an element of it.</summary>
    private const int EmptyLevel = 1;

    private readonly List<T> values = [];
    private readonly List<int> definitions = [];
    private readonly List<int> repetitions = [];

    public override Field Field => IsList ? new ListField(Name, Elements("element")) : Elements(Name);

    public override void Add(RowTensor row)
    {
        var rest = row.Data.Span;
        if (IsList && rest.IsEmpty) AddLevels(EmptyLevel, 0);
        for (var i = 0; !rest.IsEmpty; i++)
        {
            values.Add(read(Datatype, ElementBytes.Next(Datatype, ref rest)));
            if (IsList) AddLevels(EmptyLevel + 1, i == 0 ? 0 : 1);
        }
    }

    public override async Task WriteAsync(ParquetRowGroupWriter group, DataField field, CancellationToken ct)
    {
        await (IsList
            ? group.WriteAllPartsAsync<T>(field, values.ToArray(), definitions.ToArray(), repetitions.ToArray(), ct)
            : group.WriteAsync<T>(field, values.ToArray(), null, null, ct));
        values.Clear();
        definitions.Clear();
        repetitions.Clear();
    }

    private void AddLevels(int definition, int repetition)
    {
        definitions.Add(definition);
        repetitions.Add(repetition);
    }

    private static DataField Elements(string name) =>
        new(name, typeof(T) == typeof(ReadOnlyMemory<byte>) ? typeof(byte[]) : typeof(T), isNullable: false);
}
