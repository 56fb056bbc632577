using Parquet;
using Parquet.Data;
using Parquet.Schema;
using Platform.Formats.Items;

namespace Platform.Formats.Parquet;

/// <summary>A column of the row group that is being read: a value a row, or a list a row.</summary>
internal abstract class ParquetColumn(string name, bool isList) : IDisposable
{
    public string Name => name;

    public bool IsList => isList;

    public abstract ValueTask LoadAsync(WindowStream file, ParquetRowGroupReader group, FormatLimits limits, CancellationToken ct);

    /// <summary>Adds what the next row holds.</summary>
    /// <returns>Why it cannot; null where it could.</returns>
    public abstract RowFault? AddNext(ElementBuffer to);

    public abstract void Dispose();
}

/// <inheritdoc/>
internal abstract class ParquetColumn<T>(DataField field, string name, bool isList) : ParquetColumn(name, isList)
    where T : struct
{
    /// <summary>At this definition level and above there is an element, be it null.</summary>
    private readonly int elementLevel = field.MaxDefinitionLevel - (field.IsNullable && !field.IsArray ? 1 : 0);

    private RawColumnData<T>? data;
    private int entry;
    private int value;

    public override async ValueTask LoadAsync(WindowStream file, ParquetRowGroupReader group, FormatLimits limits, CancellationToken ct)
    {
        Dispose();
        var meta = group.GetMetadata(field)?.MetaData ?? throw new FormatException("the row group lacks it");
        var start = meta.DictionaryPageOffset is > 0 and { } dictionary ? Math.Min(dictionary, meta.DataPageOffset) : meta.DataPageOffset;
        if (start < 0 || start > file.Length - meta.TotalCompressedSize) throw new FormatException("it reaches beyond the file");
        var chunk = await file.MoveAsync(start, checked((int)meta.TotalCompressedSize), ct);
        PageSizes.Check(chunk, meta.NumValues, limits.MaxRowGroupBytes);
        data = (RawColumnData<T>)await group.ReadRawColumnDataBaseAsync(field, ct);
        (entry, value) = (0, 0);
        if (Rows(data) != group.RowCount) throw new InputFormatException("The column does not hold a value for each row.", "The file is damaged; write it again.", column: Name);
    }

    public override RowFault? AddNext(ElementBuffer to)
    {
        var raw = data!;
        var first = value;
        int? nullAt = null;
        var isNull = false;
        var begin = entry;
        do
        {
            var level = field.MaxDefinitionLevel == 0 ? 0 : raw.DefinitionLevels[entry];
            if (level == field.MaxDefinitionLevel) value++;
            else if (level == elementLevel) nullAt ??= entry - begin;
            else isNull |= !IsList || level < elementLevel - 1;
            entry++;
        }
        while (IsList && entry < raw.RepetitionLevels.Length && raw.RepetitionLevels[entry] != 0);

        if (isNull || (nullAt is not null && !IsList)) return new("It is null; every item needs all of its elements.", Name);
        if (nullAt is { } at) return new("It is null; every item needs all of its elements.", $"{Name}[{at}]");
        return Add(to, raw.Values[first..value], out var element) is { } reason
            ? new(reason, IsList ? $"{Name}[{element}]" : Name)
            : null;
    }

    public override void Dispose()
    {
        data?.Dispose();
        data = null;
    }

    /// <returns>Why the value at <paramref name="at"/> is no element; null where all were added.</returns>
    protected abstract string? Add(ElementBuffer to, ReadOnlySpan<T> values, out int at);

    /// <summary>How many rows the levels tell of; -1 where they and the values disagree.</summary>
    private int Rows(RawColumnData<T> raw)
    {
        var entries = field.MaxDefinitionLevel == 0 ? raw.Values.Length : raw.DefinitionLevels.Length;
        // The library gives room for nulls too, and packs the values at its beginning.
        if (field.MaxDefinitionLevel > 0 && raw.DefinitionLevels.Count(field.MaxDefinitionLevel) > raw.Values.Length) return -1;
        if (!IsList) return entries;
        return raw.RepetitionLevels.Length == entries && (entries == 0 || raw.RepetitionLevels[0] == 0) ? raw.RepetitionLevels.Count(0) : -1;
    }
}
