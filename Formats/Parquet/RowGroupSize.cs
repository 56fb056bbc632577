using Parquet.Meta;
using Type = Parquet.Meta.Type;

namespace Platform.Formats.Parquet;

/// <summary>What a row group will take in memory, by what the footer says of it, before any of it is read.</summary>
internal static class RowGroupSize
{
    /// <summary>A value with its definition and repetition level.</summary>
    private const int LevelBytes = 2 * sizeof(int);

    /// <exception cref="InputFormatException">It is beyond the limit, or what the footer says cannot be.</exception>
    public static void Check(RowGroup group, int index, long number, long fileBytes, FormatLimits limits)
    {
        const string Damaged = "The file is damaged; write it again.";
        var bytes = 0.0;
        foreach (var column in group.Columns)
        {
            if (column.MetaData is not { } meta) throw new InputFormatException($"Row group {index} does not say what its columns are.", Damaged, number);
            if (meta.NumValues < 0 || meta.TotalCompressedSize < 0 || meta.TotalCompressedSize > fileBytes || group.NumRows < 0)
                throw new InputFormatException($"Row group {index} is said to be larger than the file.", Damaged, number, string.Join('.', meta.PathInSchema ?? []));
            bytes += Math.Max(meta.TotalUncompressedSize, (double)meta.NumValues * ElementBytes(meta.Type)) + ((double)meta.NumValues * LevelBytes);
        }

        if (bytes <= limits.MaxRowGroupBytes) return;
        throw new InputFormatException(
            $"Row group {index} takes {bytes / (1 << 20):0.#} MiB of memory, and {limits.MaxRowGroupBytes / (1 << 20)} MiB are allowed.",
            $"Write at most {Math.Max(1, (long)(group.NumRows * limits.MaxRowGroupBytes / bytes))} rows a group (row_group_size in pyarrow).", number);
    }

    /// <summary>Of what it is decoded to: texts and binaries as references, what they hold is in the size.</summary>
    private static int ElementBytes(Type type) => type switch
    {
        Type.BOOLEAN => 1,
        Type.INT32 or Type.FLOAT => 4,
        Type.INT64 or Type.DOUBLE => 8,
        _ => 16,
    };
}
