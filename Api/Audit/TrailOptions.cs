using System.ComponentModel.DataAnnotations;

namespace Platform.Api.Audit;

/// <summary>What of the calls on /v1 is written to the audit log, and how long a call waits for it.</summary>
internal sealed class TrailOptions
{
    public const string Section = "Audit:Trail";

    /// <summary>How long a call waits for its entry; then it is answered 503.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "00:01:00")]
    public TimeSpan WriteLimit { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>Entries that may wait in this Api; a call beyond them is answered 503.</summary>
    [Range(1, 1_000_000)]
    public int MaxWaiting { get; set; } = 10_000;

    /// <summary>Bytes of an answer that are held back until its entry is written; a longer answer has its entry written first.</summary>
    [Range(1, 16 << 20)]
    public int HeldBytes { get; set; } = 64 << 10;

    /// <summary>Calls of callers whom nobody knows that get an entry of their own, a minute; the others are counted.</summary>
    [Range(0, 100_000)]
    public int StrangersPerMinute { get; set; } = 60;

    /// <summary>How often what was counted is written.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "01:00:00")]
    public TimeSpan CountPeriod { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>Addresses that are counted each for itself in a period; the others together.</summary>
    [Range(1, 1_000)]
    public int CountedAddresses { get; set; } = 8;
}
