using System.ComponentModel.DataAnnotations;

namespace Platform.Silo.Rollouts;

/// <summary>How rollouts are driven.</summary>
internal sealed class RolloutOptions
{
    public const string Section = "Rollouts";

    /// <summary>How often a rollout is looked at.</summary>
    [Range(typeof(TimeSpan), "00:00:00.050", "00:01:00")]
    public TimeSpan TickPeriod { get; set; } = TimeSpan.FromSeconds(1);

    /// <summary>A new version that no worker has had ready for this long is rolled back.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "00:10:00")]
    public TimeSpan LostAfter { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>From the moment that traffic was moved away until the version is unloaded; longer than an Api may miss a plan.</summary>
    [Range(typeof(TimeSpan), "00:00:00", "00:10:00")]
    public TimeSpan DrainTime { get; set; } = TimeSpan.FromSeconds(10);
}
