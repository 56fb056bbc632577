using System.ComponentModel.DataAnnotations;

namespace Platform.Api.Serving;

/// <summary>How many answers this Api remembers itself; deployments say which (<c>config.cache</c>).</summary>
internal sealed class CacheOptions
{
    public const string Section = "Cache";

    /// <summary>Bytes of remembered answers in this process; the least recently used go first.</summary>
    [Range(0, long.MaxValue)]
    public long MaxBytes { get; set; } = 64 << 20;

    /// <summary>How long answers are kept for <c>config.fallback.cache</c> after they are too old to be given otherwise.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "30.00:00:00")]
    public TimeSpan KeepForFallback { get; set; } = TimeSpan.FromDays(1);

    /// <summary>Rows of a dataset that one call precomputes at most.</summary>
    [Range(1, 1_000_000)]
    public int PrecomputeMaxRows { get; set; } = 10_000;

    /// <summary>Rows that are precomputed at a time.</summary>
    [Range(1, 64)]
    public int PrecomputeConcurrency { get; set; } = 4;
}
