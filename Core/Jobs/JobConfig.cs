using System.Collections.Immutable;

namespace Platform.Core.Jobs;

/// <summary>Formats by the names that requests give them.</summary>
public static class JobFormats
{
    public static ImmutableArray<string> Inputs { get; } = ["jsonl", "csv", "parquet", "idx"];

    public static ImmutableArray<string> Outputs { get; } = ["jsonl", "csv", "parquet"];
}

/// <summary>Where a job's rows come from.</summary>
/// <param name="Uri"><c>dataset:name</c> or <c>sha256:digest</c>, a dataset of the model; null when the rows are uploaded.</param>
public sealed record JobInputSpec(string? Format = null, string? Uri = null);

public sealed record JobOutputSpec(string? Format = null);

/// <summary>A job as it is asked for.</summary>
/// <param name="Version">A version, a range or a tag; null for the one in production when the job starts.</param>
/// <param name="BatchSize">Rows of one run; null lets the version's profile choose.</param>
/// <param name="Priority">Among jobs, 1 to 9, 1 first. All of them give way to requests.</param>
/// <param name="MaxFailedRows">With more failed rows than this the job fails; null means however many.</param>
public sealed record JobSpec(
    string? Model = null, string? Version = null, JobInputSpec? Input = null, JobOutputSpec? Output = null,
    int? BatchSize = null, int? Priority = null, long? MaxFailedRows = null);

/// <summary>The same, checked and complete.</summary>
/// <param name="Subject">The person whom all rows are about, as stored; null when they are about no one person.</param>
public sealed record JobConfig(
    string Model, string? Version, string Format, string? Uri, string OutputFormat, int? BatchSize, int Priority, long? MaxFailedRows,
    string? Subject = null);
