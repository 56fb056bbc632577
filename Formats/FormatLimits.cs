namespace Platform.Formats;

/// <summary>How much of a file may be one thing. Beyond a limit the file is refused with its name.</summary>
public sealed record FormatLimits
{
    public static FormatLimits Default { get; } = new();

    /// <summary>Bytes of one row as it is written: a line, a record of CSV, an image; in Parquet, of one row's elements.</summary>
    public int MaxRowBytes { get; init; } = 16 << 20;

    /// <summary>Columns of a CSV or Parquet file. An image of 3 × 224 × 224 has 150,528 elements.</summary>
    public int MaxColumns { get; init; } = 1 << 18;

    /// <summary>Bytes of one Parquet row group, decompressed: the reader holds one.</summary>
    public long MaxRowGroupBytes { get; init; } = 256L << 20;

    /// <summary>Bytes of a Parquet file's footer, which describes its columns and row groups.</summary>
    public int MaxFooterBytes { get; init; } = 16 << 20;

    /// <summary>Whether NaN and infinities count as numbers, in columns and inputs of floating datatypes.</summary>
    public bool AllowNotFinite { get; init; } = true;
}
