using System.ComponentModel.DataAnnotations;
using Platform.Worker.Serving.Drift;

namespace Platform.Worker.Drift;

/// <summary>How much looking for drift may cost, and what a version is held against.</summary>
internal sealed class DriftOptions
{
    public const string Section = "Drift";

    /// <summary>Of a version that no dataset was run on: items of its first requests that make its reference.</summary>
    [Range(DriftSketch.SampleItems, 1_000_000)]
    public int ReferenceItems { get; set; } = 2_000;

    /// <summary>How often what was counted is written.</summary>
    [Range(typeof(TimeSpan), "00:00:00.100", "00:05:00")]
    public TimeSpan FlushPeriod { get; set; } = TimeSpan.FromSeconds(2);

    /// <summary>Elements that are looked at of each version between two writes; the rest of the items are passed over. 0 looks at none.</summary>
    [Range(0, int.MaxValue)]
    public int MaxElementsPerFlush { get; set; } = DriftSketch.DefaultBudget;
}
