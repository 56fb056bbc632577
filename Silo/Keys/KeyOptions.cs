using System.ComponentModel.DataAnnotations;

namespace Platform.Silo.Keys;

/// <summary>Bounds of the key ring, which is kept and published as a whole.</summary>
internal sealed class KeyOptions
{
    public const string Section = "Keys";

    /// <summary>How many keys there may be, those that ended and are still listed included.</summary>
    [Range(1, 10_000)]
    public int MaxKeys { get; set; } = 2_000;

    /// <summary>How long a key that was revoked or expired is still listed.</summary>
    public TimeSpan KeepEnded { get; set; } = TimeSpan.FromDays(90);
}
