using System.ComponentModel.DataAnnotations;
using Platform.Core.Audit;

namespace Platform.SharedState.Audit;

/// <summary>The audit log: who vouches for it, and its limits.</summary>
public sealed class AuditOptions : IValidatableObject
{
    public const string Section = "Audit";

    /// <summary>Names the log in its checkpoints; change it before the first entry only.</summary>
    [Required, RegularExpression("^[a-z0-9._/-]{1,100}$", ErrorMessage = "Audit:Origin has 1 to 100 lower-case letters, digits, '.', '_', '/' or '-'.")]
    public string Origin { get; set; } = "platform.audit";

    /// <summary>PEM of the private P-256 key that signs checkpoints; only silos need it. Without it, a key derived from the platform key does.</summary>
    public string? SigningKey { get; set; }

    /// <summary>PEMs of public P-256 keys whose checkpoints are accepted. With any, keys derived from the platform key are not.</summary>
    public string[] TrustedKeys { get; set; } = [];

    /// <summary>A checkpoint is kept for good after that many entries.</summary>
    [Range(1, 1_000_000)]
    public int CheckpointEntries { get; set; } = 1_000;

    /// <summary>A checkpoint is kept for good after that time, if there were entries.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "1.00:00:00")]
    public TimeSpan CheckpointPeriod { get; set; } = TimeSpan.FromMinutes(1);

    /// <summary>Entries that may wait to be written; more are refused, and the changes with them.</summary>
    [Range(1, 1_000_000)]
    public int MaxWaiting { get; set; } = 20_000;

    /// <summary>Entries written at once.</summary>
    [Range(1, 1_024)]
    public int MaxBatch { get; set; } = 256;

    /// <summary>Entries that a search reads for one page; it then says where to go on.</summary>
    [Range(1_024, 10_000_000)]
    public int SearchEntries { get; set; } = 65_536;

    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        if (!string.IsNullOrEmpty(SigningKey) && !IsKey(SigningKey, isPair: true)) yield return new("Audit:SigningKey must be the PEM of a private P-256 key.");
        if (TrustedKeys.Any(pem => !IsKey(pem, isPair: false))) yield return new("Each of Audit:TrustedKeys must be the PEM of a P-256 key.");
    }

    private static bool IsKey(string pem, bool isPair)
    {
        try
        {
            using var key = CheckpointKey.FromPem(pem);
            return !isPair || pem.Contains("PRIVATE KEY", StringComparison.Ordinal);
        }
        catch (ArgumentException)
        {
            return false;
        }
    }
}
