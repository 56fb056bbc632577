namespace Platform.Api.Inference;

/// <summary>What clients find that know Triton only.</summary>
internal sealed class CompatibilityOptions
{
    public const string Section = "Serving";

    /// <summary>Whether the server calls itself "triton" and versions have whole numbers.</summary>
    public bool TritonCompatibility { get; set; }
}
