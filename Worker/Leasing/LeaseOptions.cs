using System.ComponentModel.DataAnnotations;

namespace Platform.Worker.Leasing;

/// <summary>How this worker makes itself known.</summary>
internal sealed class LeaseOptions
{
    public const string Section = "Worker";

    /// <summary>Base address at which Apis reach this worker; by default the one it listens on.</summary>
    public Uri? AdvertisedAddress { get; set; }

    /// <summary>How long a worker that is asked to stop still takes requests, so that Apis hear of it first.</summary>
    [Range(typeof(TimeSpan), "00:00:00", "00:05:00")]
    public TimeSpan DrainDelay { get; set; } = TimeSpan.FromSeconds(1);
}
