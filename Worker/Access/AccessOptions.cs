using System.ComponentModel.DataAnnotations;

namespace Platform.Worker.Access;

/// <summary>Who may speak to this worker.</summary>
internal sealed class AccessOptions
{
    public const string Section = "Access";

    /// <summary>The secret that Apis and workers share.</summary>
    [Required(ErrorMessage = "Set Access:InternalKey (Access__InternalKey) to the random secret that Apis and workers share.")]
    [MinLength(32, ErrorMessage = "Access:InternalKey must have at least 32 characters.")]
    public string InternalKey { get; set; } = "";
}
