using Platform.Core.Models;
using Platform.Core.Serving;

namespace Platform.Core.Jobs;

/// <summary>What workers must know of a job.</summary>
/// <param name="Source">The file that its rows are in; null when they were uploaded.</param>
public sealed record WorkOrder(
    string Id, string Model, PlacedVersion Version, string Format, string OutputFormat, int? BatchSize, int Priority,
    DateTimeOffset CreatedAt, ArtifactInfo? Source, ShardSize Shards);

/// <summary>Which part of the work on a job one worker takes.</summary>
public enum WorkKind
{
    /// <summary>Read the input, check it and cut it into shards.</summary>
    Scan,

    /// <summary>Score one shard.</summary>
    Shard,

    /// <summary>Put the results together in their order.</summary>
    Finish,
}

/// <summary>A piece of work as it stands in the queue.</summary>
/// <param name="Shard">Its number; 0 for what is no shard.</param>
public readonly record struct WorkItem(string Job, WorkKind Kind, int Shard = 0)
{
    public override string ToString() => Kind is WorkKind.Shard ? $"{Job}/{Shard:d8}" : $"{Job}/{Kind.ToString().ToLowerInvariant()}";

    public static WorkItem Parse(string text)
    {
        var (job, rest) = (text[..text.IndexOf('/', StringComparison.Ordinal)], text[(text.IndexOf('/', StringComparison.Ordinal) + 1)..]);
        return rest switch
        {
            "scan" => new(job, WorkKind.Scan),
            "finish" => new(job, WorkKind.Finish),
            _ => new(job, WorkKind.Shard, int.Parse(rest, System.Globalization.CultureInfo.InvariantCulture)),
        };
    }
}

/// <summary>Rows of a job that are scored together.</summary>
/// <param name="First">Number of the first of them.</param>
/// <param name="File">Where they lie as tensors; null when they are read from the input.</param>
/// <param name="Offset">Where they begin in the input, in bytes.</param>
public sealed record JobShard(int Number, long First, int Rows, string? File, long? Offset = null);

/// <summary>What became of a shard. It is told once; what comes later changes nothing.</summary>
/// <param name="Done">Rows that have an output.</param>
/// <param name="Failed">Rows that have none.</param>
/// <param name="Results">Where the outputs lie; null when there is none.</param>
/// <param name="Errors">Where it stands why rows failed; null when none did.</param>
/// <param name="Aside">Why none of its rows was scored, when the shard was put aside.</param>
/// <param name="Format">Format of the outputs, when they are lines that need only be joined; null for tensors.</param>
public sealed record ShardResult(
    int Number, long First, int Rows, int Done, int Failed, string? Results = null, string? Errors = null, string? Aside = null, string? Format = null)
{
    public static ShardResult PutAside(JobShard shard, string why) => new(shard.Number, shard.First, shard.Rows, 0, shard.Rows, Aside: why);
}

/// <summary>Why a row has no output, as the errors file says it.</summary>
public sealed record RowError(long Row, string? Column, string Reason);
