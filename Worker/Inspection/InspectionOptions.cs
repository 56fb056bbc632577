using System.ComponentModel.DataAnnotations;

namespace Platform.Worker.Inspection;

/// <summary>How much an upload may cost before anybody vouches for it.</summary>
internal sealed class InspectionOptions
{
    public const string Section = "Inspection";

    /// <summary>How long building the graph may take.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "01:00:00")]
    public TimeSpan Timeout { get; set; } = TimeSpan.FromSeconds(60);
}
