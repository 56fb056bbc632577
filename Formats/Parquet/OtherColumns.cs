using System.Text;
using Parquet.Schema;
using Platform.Formats.Items;

namespace Platform.Formats.Parquet;

internal sealed class BooleanColumn(DataField field, string name, bool isList) : ParquetColumn<bool>(field, name, isList)
{
    protected override string? Add(ElementBuffer to, ReadOnlySpan<bool> values, out int at)
    {
        at = 0;
        foreach (var value in values) to.Add((byte)(value ? 1 : 0));
        return null;
    }
}

internal sealed class BinaryColumn(DataField field, string name, bool isList) : ParquetColumn<ReadOnlyMemory<byte>>(field, name, isList)
{
    protected override string? Add(ElementBuffer to, ReadOnlySpan<ReadOnlyMemory<byte>> values, out int at)
    {
        at = 0;
        foreach (var value in values) to.AddBytes(value.Span);
        return null;
    }
}

internal sealed class StringColumn(DataField field, string name, bool isList) : ParquetColumn<ReadOnlyMemory<char>>(field, name, isList)
{
    protected override string? Add(ElementBuffer to, ReadOnlySpan<ReadOnlyMemory<char>> values, out int at)
    {
        at = 0;
        foreach (var value in values)
        {
            var utf8 = new byte[Encoding.UTF8.GetByteCount(value.Span)];
            Encoding.UTF8.GetBytes(value.Span, utf8);
            to.AddBytes(utf8);
        }

        return null;
    }
}
