using System.ComponentModel.DataAnnotations;

namespace Platform.SharedState.Experiments;

/// <summary>Bounds of what is kept of an experiment.</summary>
public sealed class ExperimentOptions
{
    public const string Section = "Experiments";

    /// <summary>
    /// Units that an experiment counts, at some 160 bytes of Redis each with an outcome. Later ones are not counted, and
    /// the experiment ends as inconclusive.
    /// </summary>
    [Range(100, 100_000_000)]
    public int MaxUnits { get; set; } = 1_000_000;

    /// <summary>Units and outcomes that may wait in an Api's memory while Redis is away; more are dropped and counted as such.</summary>
    [Range(100, 10_000_000)]
    public int MaxWaiting { get; set; } = 65_536;

    /// <summary>How long the units of an experiment that ended are kept.</summary>
    [Range(typeof(TimeSpan), "00:01:00", "90.00:00:00")]
    public TimeSpan UnitsKeptFor { get; set; } = TimeSpan.FromDays(30);
}
