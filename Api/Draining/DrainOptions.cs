using System.ComponentModel.DataAnnotations;

namespace Platform.Api.Draining;

/// <summary>How this Api stops.</summary>
internal sealed class DrainOptions
{
    public const string Section = "Draining";

    /// <summary>
    /// How long an Api that is asked to stop still takes requests, not ready any more, so that whoever balances the load
    /// notices first. Longer than the time between two of its checks.
    /// </summary>
    [Range(typeof(TimeSpan), "00:00:00", "00:05:00")]
    public TimeSpan Delay { get; set; } = TimeSpan.FromSeconds(1);
}
