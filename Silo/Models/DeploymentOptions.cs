using System.ComponentModel.DataAnnotations;

namespace Platform.Silo.Models;

/// <summary>How long putting a version to work may take.</summary>
internal sealed class DeploymentOptions
{
    public const string Section = "Deployment";

    /// <summary>After this long a version that is not ready everywhere counts as failed.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "01:00:00")]
    public TimeSpan LoadLimit { get; set; } = TimeSpan.FromSeconds(60);
}
