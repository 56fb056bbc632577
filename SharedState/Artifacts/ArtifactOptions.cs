using System.ComponentModel.DataAnnotations;

namespace Platform.SharedState.Artifacts;

/// <summary>Where model files are kept.</summary>
public sealed class ArtifactOptions
{
    public const string Section = "Artifacts";

    /// <summary>Folder that every Api, silo and worker can reach.</summary>
    [Required(ErrorMessage = "Set Artifacts:Folder (Artifacts__Folder) to a folder that every Api, silo and worker can reach.")]
    public string Folder { get; set; } = "";

    /// <summary>Secret from which the key that wraps the artifacts' data keys is derived.</summary>
    [Required(ErrorMessage = "Set Artifacts:PlatformKey (Artifacts__PlatformKey) to a random secret of at least 32 characters.")]
    [MinLength(32, ErrorMessage = "Artifacts:PlatformKey must have at least 32 characters.")]
    public string PlatformKey { get; set; } = "";

    /// <summary>Largest artifact, in bytes.</summary>
    [Range(1, long.MaxValue)]
    public long MaxBytes { get; set; } = 4L << 30;
}
