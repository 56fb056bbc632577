using System.ComponentModel.DataAnnotations;
using Platform.Core.Protection;

namespace Platform.Worker.Serving.Protection;

/// <summary>What the input checks of this worker learn from, and how much they may do beside serving.</summary>
internal sealed class ProtectionOptions
{
    public const string Section = "Protection";

    /// <summary>Of a version that no dataset was run on: items of its first requests that make its reference.</summary>
    [Range(ReferenceProfile.MinItems, 100_000)]
    public int ReferenceItems { get; set; } = 2_000;

    /// <summary>Requests that may wait to be squeezed; more are passed over and counted.</summary>
    [Range(1, 10_000)]
    public int MaxSqueezing { get; set; } = 64;

    /// <summary>How often references are looked up and proposed.</summary>
    [Range(typeof(TimeSpan), "00:00:00.100", "00:05:00")]
    public TimeSpan ReferencePeriod { get; set; } = TimeSpan.FromSeconds(2);
}
