using System.Collections.Immutable;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Aspire.Hosting.ApplicationModel;

/// <summary>What is known of one replica of a resource at one moment.</summary>
public sealed record CustomResourceSnapshot
{
    public required string ResourceType { get; init; }

    /// <summary><c>executable.pid</c> is the process to look at, or to kill in a test.</summary>
    public required ImmutableArray<ResourcePropertySnapshot> Properties { get; init; }

    public ResourceStateSnapshot? State { get; init; }

    public int? ExitCode { get; init; }

    public DateTime? StartTimeStamp { get; init; }

    public DateTime? StopTimeStamp { get; init; }

    public ImmutableArray<HealthReportSnapshot> HealthReports { get; init; } = [];

    public ImmutableArray<UrlSnapshot> Urls { get; init; } = [];

    /// <summary>Only something that runs is healthy; without checks, running is enough.</summary>
    public HealthStatus? HealthStatus =>
        State?.Text != KnownResourceStates.Running ? null
        : HealthReports.IsEmpty ? Microsoft.Extensions.Diagnostics.HealthChecks.HealthStatus.Healthy
        : HealthReports.Min(report => report.Status ?? Microsoft.Extensions.Diagnostics.HealthChecks.HealthStatus.Unhealthy);
}

public sealed record ResourceStateSnapshot(string Text, string? Style)
{
    public static implicit operator ResourceStateSnapshot?(string? text) => text is null ? null : new(text, null);
}

public sealed record ResourcePropertySnapshot(string Name, object? Value)
{
    public bool IsSensitive { get; init; }
}

public sealed record HealthReportSnapshot(string Name, HealthStatus? Status, string? Description, string? ExceptionText);

public sealed record UrlSnapshot(string? Name, string Url, bool IsInternal)
{
    public UrlDisplayPropertiesSnapshot DisplayProperties { get; init; } = new();
}

public sealed record UrlDisplayPropertiesSnapshot(string DisplayName = "", int SortOrder = 0);

public static class KnownResourceStates
{
    public static readonly string NotStarted = nameof(NotStarted);
    public static readonly string Waiting = nameof(Waiting);
    public static readonly string Starting = nameof(Starting);
    public static readonly string Running = nameof(Running);
    public static readonly string FailedToStart = nameof(FailedToStart);
    public static readonly string RuntimeUnhealthy = nameof(RuntimeUnhealthy);
    public static readonly string Stopping = nameof(Stopping);
    public static readonly string Exited = nameof(Exited);
    public static readonly string Finished = nameof(Finished);

    public static readonly IReadOnlyList<string> TerminalStates = [Finished, FailedToStart, Exited];
}

/// <summary>The names of the entries of <see cref="CustomResourceSnapshot.Properties"/>.</summary>
internal static class SnapshotProperties
{
    public const string Pid = "executable.pid";
    public const string Path = "executable.path";
    public const string WorkDir = "executable.workDir";
}
