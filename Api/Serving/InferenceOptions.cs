using System.ComponentModel.DataAnnotations;

namespace Platform.Api.Serving;

/// <summary>Limits of an inference at the front door.</summary>
internal sealed class InferenceOptions
{
    public const string Section = "Inference";

    /// <summary>Largest request body, in bytes.</summary>
    [Range(1, int.MaxValue)]
    public int MaxRequestBytes { get; set; } = 64 << 20;

    /// <summary>How many workers are asked in turn when connections break.</summary>
    [Range(1, 10)]
    public int MaxAttempts { get; set; } = 3;
}
