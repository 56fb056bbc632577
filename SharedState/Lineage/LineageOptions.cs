using System.ComponentModel.DataAnnotations;

namespace Platform.SharedState.Lineage;

/// <summary>Which answered requests are remembered for <c>/v1/lineage</c>.</summary>
public sealed class LineageOptions
{
    public const string Section = "Lineage";

    public bool Enabled { get; set; } = true;

    /// <summary>How long a request is remembered.</summary>
    [Range(typeof(TimeSpan), "00:01:00", "3650.00:00:00")]
    public TimeSpan Lifetime { get; set; } = TimeSpan.FromHours(24);

    /// <summary>Requests remembered a second and Api; those beyond are dropped and counted. 0 remembers all.</summary>
    [Range(0, 1_000_000)]
    public int MaxPerSecond { get; set; } = 500;

    /// <summary>Requests that may wait to be written; those beyond are dropped and counted.</summary>
    [Range(1, 1_000_000)]
    public int MaxWaiting { get; set; } = 20_000;

    /// <summary>How often they are written.</summary>
    [Range(typeof(TimeSpan), "00:00:00.0100000", "00:01:00")]
    public TimeSpan WritePeriod { get; set; } = TimeSpan.FromMilliseconds(50);
}
