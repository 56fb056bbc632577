using System.ComponentModel.DataAnnotations;

namespace Platform.Api.Rollouts;

/// <summary>Limits of mirroring.</summary>
internal sealed class ShadowOptions
{
    public const string Section = "Shadow";

    /// <summary>Copies that may wait; the next one is dropped, which is counted.</summary>
    [Range(1, 100_000)]
    public int MaxWaiting { get; set; } = 256;

    /// <summary>Bytes of bodies that the waiting copies may hold in all.</summary>
    [Range(1_024, 1L << 32)]
    public long MaxWaitingBytes { get; set; } = 64L << 20;

    /// <summary>Copies that are answered at the same time, so that they cannot crowd out what callers wait for.</summary>
    [Range(1, 64)]
    public int MaxConcurrent { get; set; } = 2;
}
