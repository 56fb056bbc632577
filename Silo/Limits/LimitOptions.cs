using System.ComponentModel.DataAnnotations;

namespace Platform.Silo.Limits;

/// <summary>Bounds of the set of limits, which is kept and published as a whole.</summary>
internal sealed class LimitOptions
{
    public const string Section = "Limits";

    /// <summary>How many callers and models may have limits of their own.</summary>
    [Range(1, 10_000)]
    public int MaxSubjects { get; set; } = 4_000;
}
