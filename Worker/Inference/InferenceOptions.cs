using System.ComponentModel.DataAnnotations;

namespace Platform.Worker.Inference;

/// <summary>Limits of a request.</summary>
internal sealed class InferenceOptions
{
    public const string Section = "Worker";

    /// <summary>Largest body, as it comes and after decompression, in bytes.</summary>
    [Range(1, 1 << 30)]
    public int MaxRequestBytes { get; set; } = 64 << 20;
}
