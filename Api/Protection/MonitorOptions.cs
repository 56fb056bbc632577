using System.ComponentModel.DataAnnotations;
using Platform.Core.Protection;

namespace Platform.Api.Protection;

/// <summary>How callers are watched for attempts to copy a model, by each Api on its own, and what slows them down.</summary>
internal sealed class MonitorOptions
{
    public const string Section = "Protection";

    /// <summary>Callers, each with a version, that are watched at a time; the one that asked least recently is forgotten for the next.</summary>
    [Range(1, 100_000)]
    public int MaxCallers { get; set; } = 500;

    /// <summary>Questions of a caller that are remembered, of about 300 bytes each.</summary>
    [Range(200, 100_000)]
    public int MaxQueries { get; set; } = QueryMonitor.DefaultMaxQueries;

    /// <summary>Answers that may wait to be looked at; more are passed over and counted.</summary>
    [Range(1, 1_000_000)]
    public int MaxWaiting { get; set; } = 1_000;

    /// <summary>A caller that is slowed down gets one answer of each Api in this time; the others are 429.</summary>
    [Range(typeof(TimeSpan), "00:00:00.010", "01:00:00")]
    public TimeSpan ThrottledInterval { get; set; } = TimeSpan.FromSeconds(2);

    /// <summary>How often it is looked up whom other Apis slow down.</summary>
    [Range(typeof(TimeSpan), "00:00:00.100", "00:01:00")]
    public TimeSpan RefreshPeriod { get; set; } = TimeSpan.FromSeconds(1);
}
