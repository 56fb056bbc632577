using System.ComponentModel.DataAnnotations;

namespace Platform.Silo.Validations;

/// <summary>What a silo shows the workers that it has measure.</summary>
internal sealed class AccessOptions
{
    public const string Section = "Access";

    [Required(ErrorMessage = "Set Access:InternalKey (Access__InternalKey) to the random secret that workers share.")]
    [MinLength(32, ErrorMessage = "Access:InternalKey must have at least 32 characters.")]
    public string InternalKey { get; set; } = "";
}
