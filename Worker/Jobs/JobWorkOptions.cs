using System.ComponentModel.DataAnnotations;
using Platform.Formats;

namespace Platform.Worker.Jobs;

/// <summary>How a worker works on batch jobs.</summary>
internal sealed class JobWorkOptions
{
    public const string Section = "Jobs";

    /// <summary>Pieces of work at a time: while one is written, another is scored. 0 leaves jobs to other workers.</summary>
    [Range(0, 64)]
    public int Concurrency { get; set; } = 2;

    /// <summary>How often an idle worker looks for work.</summary>
    [Range(typeof(TimeSpan), "00:00:00.010", "00:01:00")]
    public TimeSpan PollPeriod { get; set; } = TimeSpan.FromMilliseconds(100);

    /// <summary>How long a piece stays with a worker that falls silent; it is renewed three times as often.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "00:10:00")]
    public TimeSpan LeaseDuration { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>A piece over which so many workers died, or failed, is put aside.</summary>
    [Range(1, 100)]
    public int MaxLosses { get; set; } = 2;

    /// <summary>Bytes of one row as it is written in an input.</summary>
    [Range(1 << 10, 1 << 30)]
    public int MaxRowBytes { get; set; } = 16 << 20;

    /// <summary>Columns of a CSV or Parquet input.</summary>
    [Range(1, 10_000_000)]
    public int MaxColumns { get; set; } = 1 << 18;

    /// <summary>Bytes of all rows of an input as tensors: a compressed file of little size may hold very many.</summary>
    [Range(1 << 10, long.MaxValue)]
    public long MaxDecodedBytes { get; set; } = 16L << 30;

    /// <summary>Bytes of the inputs of one run.</summary>
    [Range(1 << 10, 1 << 30)]
    public int MaxRunBytes { get; set; } = 64 << 20;

    /// <summary>Without a request for this long the worker is the jobs' own.</summary>
    [Range(typeof(TimeSpan), "00:00:00", "00:10:00")]
    public TimeSpan QuietAfter { get; set; } = TimeSpan.FromSeconds(2);

    /// <summary>Without a request for this long there is a gap between requests, in which jobs may take more of the time.</summary>
    [Range(typeof(TimeSpan), "00:00:00", "00:10:00")]
    public TimeSpan LiveGap { get; set; } = TimeSpan.FromMilliseconds(20);

    /// <summary>Share of the time, 0 to 1, that jobs take of one core in gaps between requests.</summary>
    [Range(0.001, 1)]
    public double GapShare { get; set; } = 0.1;

    /// <summary>Share of the time, 0 to 1, that jobs take of one core while requests come without such gaps.</summary>
    [Range(0.001, 1)]
    public double BusyShare { get; set; } = 0.01;

    /// <summary>How long one run of a job's rows may take while requests come.</summary>
    [Range(typeof(TimeSpan), "00:00:00.0001", "00:00:10")]
    public TimeSpan LiveRun { get; set; } = TimeSpan.FromMilliseconds(1);

    /// <summary>A job rests no longer than this at a time, however many requests come.</summary>
    [Range(typeof(TimeSpan), "00:00:00", "00:10:00")]
    public TimeSpan LongestRest { get; set; } = TimeSpan.FromSeconds(2);

    public FormatLimits FormatLimits => FormatLimits.Default with { MaxRowBytes = MaxRowBytes, MaxColumns = MaxColumns };
}
