using System.ComponentModel.DataAnnotations;

namespace Platform.Silo.Validations;

/// <summary>How long and how often a validation is tried.</summary>
internal sealed class ValidationOptions
{
    public const string Section = "Validation";

    /// <summary>Workers that may fail over one run before it is given up.</summary>
    [Range(1, 10)]
    public int AttemptsMax { get; set; } = 3;

    /// <summary>How long a worker may take over one version, waiting for its turn included.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "06:00:00")]
    public TimeSpan AttemptLimit { get; set; } = TimeSpan.FromMinutes(20);

    /// <summary>How long a run waits while no worker is there or all are busy.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "06:00:00")]
    public TimeSpan WorkerWait { get; set; } = TimeSpan.FromMinutes(2);
}
