using System.ComponentModel.DataAnnotations;
using Platform.SharedState.Artifacts.Signing;

namespace Platform.SharedState.Artifacts;

/// <summary>Which kind of store holds the artifacts.</summary>
public enum ArtifactStoreKind
{
    Folder,
    S3,
}

/// <summary>Where model files are kept, and under which keys.</summary>
public sealed class ArtifactOptions : IValidatableObject
{
    public const string Section = "Artifacts";

    private const int SecretChars = 32;
    // S3 copies at most 5 GiB in one request; this leaves room for what encryption adds.
    private const long S3MaxBytes = 5_000_000_000;

    public ArtifactStoreKind Store { get; set; }

    /// <summary>Folder that every Api, silo and worker can reach, for the store "folder".</summary>
    public string Folder { get; set; } = "";

    /// <summary>The bucket, for the store "s3".</summary>
    public S3Options S3 { get; set; } = new();

    /// <summary>Secret from which the key that wraps new artifacts' data keys is derived.</summary>
    [Required(ErrorMessage = "Set Artifacts:PlatformKey (Artifacts__PlatformKey) to a random secret of at least 32 characters.")]
    [MinLength(SecretChars, ErrorMessage = "Artifacts:PlatformKey must have at least 32 characters.")]
    public string PlatformKey { get; set; } = "";

    /// <summary>Earlier platform keys, under which artifacts are still encrypted (Artifacts__RetiredKeys__0 …).</summary>
    public string[] RetiredKeys { get; set; } = [];

    /// <summary>PEM of the private P-256 key that signs new artifacts. Without it, a key derived from the platform key does.</summary>
    public string? SigningKey { get; set; }

    /// <summary>PEMs of public P-256 keys whose signatures are accepted. With any, keys derived from the platform key are not.</summary>
    public string[] TrustedKeys { get; set; } = [];

    /// <summary>Largest artifact, in bytes.</summary>
    [Range(1, long.MaxValue)]
    public long MaxBytes { get; set; } = 4L << 30;

    /// <summary>Age after which an upload that never became an artifact is taken for abandoned and deleted.</summary>
    [Range(typeof(TimeSpan), "00:10:00", "30.00:00:00")]
    public TimeSpan StagingMaxAge { get; set; } = TimeSpan.FromDays(1);

    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        if (Store is ArtifactStoreKind.Folder && Folder.Length == 0)
            yield return new("Set Artifacts:Folder (Artifacts__Folder) to a folder that every Api and worker can reach.");
        if (Store is ArtifactStoreKind.S3)
        {
            foreach (var problem in S3.Problems()) yield return new(problem);
            if (MaxBytes > S3MaxBytes) yield return new($"Artifacts:MaxBytes may be at most {S3MaxBytes} with Artifacts:Store=s3.");
        }

        if (RetiredKeys.Any(key => key.Length < SecretChars)) yield return new("Each of Artifacts:RetiredKeys must have at least 32 characters.");
        if (!string.IsNullOrEmpty(SigningKey) && !IsKey(SigningKey, canSign: true)) yield return new("Artifacts:SigningKey must be the PEM of a private P-256 key.");
        if (TrustedKeys.Any(pem => !IsKey(pem, canSign: false))) yield return new("Each of Artifacts:TrustedKeys must be the PEM of a P-256 key.");
    }

    private static bool IsKey(string pem, bool canSign)
    {
        try
        {
            return Signing.SigningKey.FromPem(pem, canSign) is not null;
        }
        catch (ArgumentException)
        {
            return false;
        }
    }
}
