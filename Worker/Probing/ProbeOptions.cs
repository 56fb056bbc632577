using System.ComponentModel.DataAnnotations;

namespace Platform.Worker.Probing;

/// <summary>How much an upload may cost while it is looked at, before anybody vouches for it.</summary>
internal sealed class ProbeOptions
{
    public const string Section = "Inspection";

    /// <summary>How long loading it and running it once may take.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "01:00:00")]
    public TimeSpan Timeout { get; set; } = TimeSpan.FromSeconds(60);

    /// <summary>Memory it may use, in bytes, however small it is.</summary>
    [Range(256L << 20, 1L << 50)]
    public long MinMemoryBytes { get; set; } = 2L << 30;

    /// <summary>Memory it may use for each of its bytes, where that is more: the runtime holds it several times while it loads.</summary>
    [Range(2.0, 1_000)]
    public double MemoryPerModelByte { get; set; } = 6;
}
