using System.ComponentModel.DataAnnotations;

namespace Platform.Api.Access;

/// <summary>Who may call. The secret comes from AppHost's parameters, never from a file of the project.</summary>
internal sealed class AccessOptions
{
    public const string Section = "Access";

    /// <summary>The key that may do everything.</summary>
    [Required(ErrorMessage = "Set Access:AdminKey (Access__AdminKey) to a random secret.")]
    [MinLength(32, ErrorMessage = "Access:AdminKey must have at least 32 characters.")]
    public string AdminKey { get; set; } = "";

    /// <summary>
    /// How long the last known keys stay good while Redis cannot be reached. Later a key is answered 503: it may have been
    /// revoked elsewhere. The admin key and tokens do not depend on Redis.
    /// </summary>
    [Range(typeof(TimeSpan), "00:00:01", "7.00:00:00")]
    public TimeSpan KeysStaleAfter { get; set; } = TimeSpan.FromMinutes(15);
}
