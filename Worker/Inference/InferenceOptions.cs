using System.ComponentModel.DataAnnotations;
using Platform.Worker.Inference.Codec;

namespace Platform.Worker.Inference;

/// <summary>Limits of a request.</summary>
internal sealed class InferenceOptions
{
    public const string Section = "Worker";

    /// <summary>Largest body, as it comes and after decompression, in bytes.</summary>
    [Range(1, 1 << 30)]
    public int MaxRequestBytes { get; set; } = 64 << 20;

    /// <summary>Arrays and objects inside one another in the JSON, those of a tensor's data aside, which its shape bounds.</summary>
    [Range(4, 256)]
    public int MaxJsonDepth { get; set; } = RequestLimits.Default.MaxJsonDepth;

    /// <summary>Elements of one tensor.</summary>
    [Range(1, int.MaxValue)]
    public int MaxElements { get; set; } = (int)RequestLimits.Default.MaxElements;

    /// <summary>Inputs of a request, and as many outputs.</summary>
    [Range(1, 65_536)]
    public int MaxTensors { get; set; } = RequestLimits.Default.MaxTensors;
}
