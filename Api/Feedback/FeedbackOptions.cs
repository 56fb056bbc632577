using System.ComponentModel.DataAnnotations;

namespace Platform.Api.Feedback;

/// <summary>How predictions wait for their way to Redis.</summary>
internal sealed class FeedbackOptions
{
    public const string Section = "Feedback";

    /// <summary>Predictions that may wait in memory; of any more only the number is kept, and they can get no label.</summary>
    [Range(1, 10_000_000)]
    public int MaxWaiting { get; set; } = 65_536;

    /// <summary>How often they are written.</summary>
    [Range(typeof(TimeSpan), "00:00:00.010", "00:01:00")]
    public TimeSpan FlushPeriod { get; set; } = TimeSpan.FromMilliseconds(50);

    /// <summary>Predictions that are written together.</summary>
    [Range(1, 100_000)]
    public int MaxFlush { get; set; } = 5_000;
}
