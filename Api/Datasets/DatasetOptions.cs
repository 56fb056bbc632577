using System.ComponentModel.DataAnnotations;

namespace Platform.Api.Datasets;

/// <summary>How large a dataset may be. A worker holds one in memory while it measures.</summary>
internal sealed class DatasetOptions
{
    public const string Section = "Datasets";

    /// <summary>Bytes of one file, after decompression.</summary>
    [Range(1, int.MaxValue)]
    public long MaxBytes { get; set; } = 1L << 30;

    /// <summary>Lines, or images.</summary>
    [Range(1, int.MaxValue)]
    public int MaxRows { get; set; } = 1_000_000;

    /// <summary>Bytes of one line.</summary>
    [Range(1, 1 << 30)]
    public int MaxRowBytes { get; set; } = 16 << 20;
}
