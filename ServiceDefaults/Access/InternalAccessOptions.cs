using System.ComponentModel.DataAnnotations;

namespace Platform.ServiceDefaults.Access;

/// <summary>What processes of the platform show one another.</summary>
public sealed class InternalAccessOptions
{
    public const string Section = "Access";

    /// <summary>The secret that Apis, silos and workers share; it comes from AppHost's parameters, never from a file of the project.</summary>
    [Required(ErrorMessage = "Set Access:InternalKey (Access__InternalKey) to the random secret that Apis, silos and workers share.")]
    [MinLength(32, ErrorMessage = "Access:InternalKey must have at least 32 characters.")]
    public string InternalKey { get; set; } = "";
}
