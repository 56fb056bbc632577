using System.ComponentModel.DataAnnotations;

namespace Platform.Api.Jobs;

/// <summary>How large the input of a batch job may be.</summary>
internal sealed class JobUploadOptions
{
    public const string Section = "Jobs";

    /// <summary>Bytes of an input; more is answered 413, by what the request announces or once they have come.</summary>
    [Range(1, long.MaxValue)]
    public long MaxInputBytes { get; set; } = 1L << 30;

    /// <summary>Bytes after which an upload is safe in parts: what a broken connection has to send again at most.</summary>
    [Range(1 << 10, 1 << 30)]
    public int SegmentBytes { get; set; } = 8 << 20;
}
