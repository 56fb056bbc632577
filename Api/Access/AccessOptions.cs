using System.ComponentModel.DataAnnotations;

namespace Platform.Api.Access;

/// <summary>Who may call. The secrets come from AppHost's parameters, never from a file of the project.</summary>
internal sealed class AccessOptions
{
    public const string Section = "Access";

    /// <summary>The key that may do everything.</summary>
    [Required(ErrorMessage = "Set Access:AdminKey (Access__AdminKey) to a random secret.")]
    [MinLength(32, ErrorMessage = "Access:AdminKey must have at least 32 characters.")]
    public string AdminKey { get; set; } = "";

    /// <summary>What Apis show workers.</summary>
    [Required(ErrorMessage = "Set Access:InternalKey (Access__InternalKey) to a random secret that workers share.")]
    [MinLength(32, ErrorMessage = "Access:InternalKey must have at least 32 characters.")]
    public string InternalKey { get; set; } = "";
}
