using System.ComponentModel.DataAnnotations;

namespace Platform.Silo.Jobs;

/// <summary>How batch jobs are driven and how long they are kept.</summary>
internal sealed class JobOptions
{
    public const string Section = "Jobs";

    /// <summary>How often a job is looked at.</summary>
    [Range(typeof(TimeSpan), "00:00:00.050", "00:01:00")]
    public TimeSpan TickPeriod { get; set; } = TimeSpan.FromSeconds(1);

    /// <summary>How long after its end a job is kept, with its input, output and errors.</summary>
    [Range(typeof(TimeSpan), "00:01:00", "3650.00:00:00")]
    public TimeSpan Retention { get; set; } = TimeSpan.FromDays(7);

    /// <summary>How long an upload may take from the job's creation; then the job fails.</summary>
    [Range(typeof(TimeSpan), "00:00:10", "30.00:00:00")]
    public TimeSpan InputWait { get; set; } = TimeSpan.FromDays(1);

    /// <summary>Jobs kept at a time, ended ones among them; the next one is refused with 429.</summary>
    [Range(1, 1_000_000)]
    public int MaxJobs { get; set; } = 10_000;

    /// <summary>A job of which more shards than this were put aside is ended before it costs more workers.</summary>
    [Range(0, 1_000_000)]
    public int MaxShardsAside { get; set; } = 4;

    /// <summary>Rows of a shard, which is what one worker takes at a time and what its death costs at most.</summary>
    [Range(1, 1_000_000)]
    public int ShardRows { get; set; } = 1_000;

    /// <summary>Bytes of a shard's inputs; a row larger than that is a shard by itself.</summary>
    [Range(1 << 10, 1 << 30)]
    public int ShardBytes { get; set; } = 8 << 20;
}
