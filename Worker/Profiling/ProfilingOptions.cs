using System.ComponentModel.DataAnnotations;

namespace Platform.Worker.Profiling;

/// <summary>How much a version's load may cost for finding out whether batches pay.</summary>
internal sealed class ProfilingOptions
{
    public const string Section = "Worker";

    /// <summary>Time for checking and measuring; two items are tried in any case, unless one alone takes a quarter of it.</summary>
    [Range(typeof(TimeSpan), "00:00:00", "00:01:00")]
    public TimeSpan ProfileBudget { get; set; } = TimeSpan.FromMilliseconds(400);

    /// <summary>Time for measuring one batch size.</summary>
    [Range(typeof(TimeSpan), "00:00:00", "00:01:00")]
    public TimeSpan ProfileTimePerSize { get; set; } = TimeSpan.FromMilliseconds(50);
}
