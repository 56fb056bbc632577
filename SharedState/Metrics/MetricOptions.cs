using System.ComponentModel.DataAnnotations;

namespace Platform.SharedState.Metrics;

/// <summary>How much a process keeps of what it counted until Redis has it.</summary>
public sealed class MetricOptions
{
    public const string Section = "Metrics";

    /// <summary>Whether requests and runs are counted at all.</summary>
    public bool Enabled { get; set; } = true;

    /// <summary>Most counts that wait to be added up; they do so for up to a second. What comes beyond is lost, and that is counted.</summary>
    [Range(1_000, 10_000_000)]
    public int MaxQueued { get; set; } = 500_000;

    /// <summary>
    /// Most slots (a series in a second, 2 to 8 KB) that wait while Redis is away. Beyond, seconds are first added up to minutes,
    /// and only then the oldest are lost, which is counted.
    /// </summary>
    [Range(100, 1_000_000)]
    public int MaxPendingSlots { get; set; } = 20_000;

    /// <summary>From this size on a flush is sent, and what is left goes with the next one.</summary>
    [Range(1, 100_000_000)]
    public int MaxBytesPerFlush { get; set; } = 256 * 1024;
}
