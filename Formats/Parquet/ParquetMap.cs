using System.Collections.Immutable;
using Parquet.Schema;
using Platform.Core.Tensors;
using Platform.Formats.Csv;
using Platform.Formats.Items;

namespace Platform.Formats.Parquet;

/// <summary>The columns that hold the elements of one input: one of lists, or one an element.</summary>
internal sealed record ParquetTensor(ItemTensor Tensor, ImmutableArray<ParquetColumn> Columns);

/// <summary>A schema as columns of the inputs: an input's name as a list or a single value, or columns as in CSV.</summary>
internal static class ParquetMap
{
    /// <exception cref="InputFormatException">A column is unknown, missing, there twice or of another type.</exception>
    public static ImmutableArray<ParquetTensor> Of(ParquetSchema schema, ItemLayout layout, FormatLimits limits)
    {
        if (schema.Fields.Count > limits.MaxColumns)
        {
            throw new InputFormatException(
                $"The file has {schema.Fields.Count} columns, and {limits.MaxColumns} are allowed.", "Put an input's elements into one column of lists.");
        }

        var fields = schema.Fields.ToLookup(field => IsList(field) && layout.Find(field.Name) is not null);
        var lists = fields[true].ToDictionary(field => layout.Find(field.Name)!);
        var single = fields[false].ToArray();
        if (single.FirstOrDefault(field => field is not DataField { IsArray: false }) is { } nested)
        {
            throw new InputFormatException(
                $"It is a {(IsList(nested) ? "list" : "structure")} and the name of no input of the model, which takes "
                    + $"{string.Join(", ", layout.Tensors.Select(tensor => $"'{tensor.Name}' as {tensor.Description}"))}.",
                "Give a column of flat lists with an input's name, or a column an element.", column: ColumnNames.Shortened(nested.Name));
        }

        var rest = layout with { Tensors = [.. layout.Tensors.Where(tensor => !lists.ContainsKey(tensor))] };
        var columns = ColumnMap.Of([.. single.Select(field => field.Name)], rest).ToDictionary(tensor => tensor.Tensor);
        return
        [
            .. layout.Tensors.Select(tensor => lists.TryGetValue(tensor, out var list)
                ? new ParquetTensor(tensor, [Column(Elements(list), list.Name, tensor, isList: true, limits)])
                : new(tensor, [.. columns[tensor].Columns.Select(at => Column((DataField)single[at], single[at].Name, tensor, isList: false, limits))])),
        ];
    }

    private static bool IsList(Field field) => field is ListField or DataField { IsArray: true };

    private static DataField Elements(Field list) => list switch
    {
        DataField array => array,
        ListField { Item: DataField { IsArray: false } item } => item,
        _ => throw new InputFormatException("It is a list of lists or structures.", "Flatten each item row-major into one list.", column: list.Name),
    };

    private static ParquetColumn Column(DataField field, string name, ItemTensor tensor, bool isList, FormatLimits limits)
    {
        var isBytes = tensor.Datatype is Datatype.Bytes;
        var isBool = tensor.Datatype is Datatype.Bool;
        var isWhole = !isBytes && !isBool && !tensor.Datatype.IsFloat();
        var type = field.ClrType;
        if (isBytes && type == typeof(ReadOnlyMemory<byte>)) return new BinaryColumn(field, name, isList);
        if (isBytes && type == typeof(ReadOnlyMemory<char>)) return new StringColumn(field, name, isList);
        if (isBool && type == typeof(bool)) return new BooleanColumn(field, name, isList);
        if (!isBytes && !isBool && !isWhole && type == typeof(float)) return new NumberColumn<float>(field, name, isList, limits);
        if (!isBytes && !isBool && !isWhole && type == typeof(double)) return new NumberColumn<double>(field, name, isList, limits);
        return isBytes || isBool ? throw WrongType(type, name, tensor) : Whole(field, name, isList, limits) ?? throw WrongType(type, name, tensor);
    }

    private static ParquetColumn? Whole(DataField field, string name, bool isList, FormatLimits limits) => Type.GetTypeCode(field.ClrType) switch
    {
        TypeCode.SByte => new NumberColumn<sbyte>(field, name, isList, limits),
        TypeCode.Byte => new NumberColumn<byte>(field, name, isList, limits),
        TypeCode.Int16 => new NumberColumn<short>(field, name, isList, limits),
        TypeCode.UInt16 => new NumberColumn<ushort>(field, name, isList, limits),
        TypeCode.Int32 => new NumberColumn<int>(field, name, isList, limits),
        TypeCode.UInt32 => new NumberColumn<uint>(field, name, isList, limits),
        TypeCode.Int64 => new NumberColumn<long>(field, name, isList, limits),
        TypeCode.UInt64 => new NumberColumn<ulong>(field, name, isList, limits),
        _ => null,
    };

    private static InputFormatException WrongType(Type type, string name, ItemTensor tensor)
    {
        var given = type == typeof(ReadOnlyMemory<byte>) ? "binary" : type == typeof(ReadOnlyMemory<char>) ? "string" : type.Name;
        return new(
            $"Its type is {given}, but the model takes '{tensor.Name}' as {tensor.Description}.",
            tensor.Datatype is Datatype.Bytes ? "Write strings or binary."
                : tensor.Datatype is Datatype.Bool ? "Write booleans."
                : tensor.Datatype.IsFloat() ? "Write floats, doubles or integers." : "Write integers.",
            column: name);
    }
}
