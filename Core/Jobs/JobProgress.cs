namespace Platform.Core.Jobs;

/// <summary>What is wrong with an input as a whole.</summary>
/// <param name="Row">Null where no row is at fault.</param>
public sealed record JobFault(JobReason Reason, string Detail, long? Row = null, string? Column = null);

/// <summary>How far the work on a job is, as the workers have told.</summary>
/// <param name="RowsTotal">Null until the whole input was read.</param>
/// <param name="RowsDone">Rows that have an output.</param>
/// <param name="RowsFailed">Rows that have none and say why.</param>
/// <param name="Shards">Cut so far; all of them once <see cref="RowsTotal"/> is known.</param>
/// <param name="Fault">Why the work cannot go on.</param>
/// <param name="Output">The name of the finished output; null until it is written.</param>
/// <param name="ShardsAside">Of those done: given up, since they ended the workers that tried them.</param>
public sealed record JobProgress(
    long? RowsTotal, long RowsDone, long RowsFailed, int Shards, int ShardsDone, JobFault? Fault = null, string? Output = null, long OutputBytes = 0, int ShardsAside = 0)
{
    public static JobProgress None { get; } = new(null, 0, 0, 0, 0);

    /// <summary>Whether every row has its result.</summary>
    public bool AllShardsDone => RowsTotal is not null && ShardsDone == Shards;

    public long RowsSettled => RowsDone + RowsFailed;
}
