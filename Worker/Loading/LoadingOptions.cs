using System.ComponentModel.DataAnnotations;

namespace Platform.Worker.Loading;

/// <summary>How this worker follows plans.</summary>
internal sealed class LoadingOptions
{
    public const string Section = "Worker";

    /// <summary>
    /// How long a version that no plan wants still answers, so that Apis that heard of the change later find it.
    /// Longer than the period after which they mend a lost announcement (5 s).
    /// </summary>
    [Range(typeof(TimeSpan), "00:00:00", "01:00:00")]
    public TimeSpan UnloadDelay { get; set; } = TimeSpan.FromSeconds(6);

    /// <summary>How long building a version's graph may take, and then its first run; longer is a failed load.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "01:00:00")]
    public TimeSpan MaxLoadTime { get; set; } = TimeSpan.FromMinutes(2);
}
