using System.ComponentModel.DataAnnotations;

namespace Platform.Worker.Validation;

/// <summary>How much measuring a version may cost. It takes one core at most, one version at a time.</summary>
internal sealed class ValidationOptions
{
    public const string Section = "Validation";

    /// <summary>How long one version may take, from load to the dataset's last row.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "06:00:00")]
    public TimeSpan Timeout { get; set; } = TimeSpan.FromMinutes(5);

    /// <summary>Versions that may wait for their turn; the next one is refused with 503.</summary>
    [Range(1, 1024)]
    public int MaxWaiting { get; set; } = 8;

    /// <summary>Runs at batch 1 that latency is measured on.</summary>
    [Range(20, 100_000)]
    public int LatencyRuns { get; set; } = 300;

    /// <summary>After this long latency is measured on the runs there were.</summary>
    [Range(typeof(TimeSpan), "00:00:00.1", "01:00:00")]
    public TimeSpan LatencyLimit { get; set; } = TimeSpan.FromSeconds(5);
}
