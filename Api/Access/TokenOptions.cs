using System.ComponentModel.DataAnnotations;

namespace Platform.Api.Access;

/// <summary>
/// Which OIDC issuer's tokens are taken; none while neither an authority nor keys are set. The names of roles are the
/// platform's own: map the issuer's groups to them there.
/// </summary>
internal sealed class TokenOptions : IValidatableObject
{
    public const string Section = "Access:Tokens";

    /// <summary>The issuer's address; its keys are found through <c>/.well-known/openid-configuration</c> there.</summary>
    public string? Authority { get; set; }

    /// <summary>Where the configuration document is, should it be elsewhere.</summary>
    public string? MetadataAddress { get; set; }

    /// <summary>What <c>iss</c> must be; taken from the configuration document when left out.</summary>
    public string? Issuer { get; set; }

    /// <summary>What <c>aud</c> must hold.</summary>
    public string? Audience { get; set; }

    /// <summary>A file with the issuer's public keys (JSON Web Key Set), for an issuer that cannot be asked.</summary>
    public string? KeysFile { get; set; }

    /// <summary>The claim that lists roles; dots lead into objects, as in <c>realm_access.roles</c>.</summary>
    [Required]
    public string RoleClaim { get; set; } = "roles";

    /// <summary>The claim that limits the caller to models; a token without it reaches all, one with an empty list none.</summary>
    [Required]
    public string ModelsClaim { get; set; } = "models";

    /// <summary>The claim whose value histories show.</summary>
    [Required]
    public string NameClaim { get; set; } = "sub";

    /// <summary>How far clocks may differ.</summary>
    [Range(typeof(TimeSpan), "00:00:00", "00:05:00")]
    public TimeSpan ClockSkew { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>The signatures that are taken. Only such as need a private key to make; several are separated by commas.</summary>
    [Required]
    public string Algorithms { get; set; } = "RS256,RS384,RS512,PS256,PS384,PS512,ES256,ES384,ES512";

    /// <summary>Whether the issuer may be asked over HTTPS only.</summary>
    public bool RequireHttps { get; set; } = true;

    public bool IsOn => Authority is not null || MetadataAddress is not null || KeysFile is not null;

    public string[] AlgorithmList => Algorithms.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);

    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        if (!IsOn) yield break;
        if (string.IsNullOrWhiteSpace(Audience))
            yield return new("Set Access:Tokens:Audience: without it every token of the issuer, meant for whatever service, would be taken.");
        if (KeysFile is not null && string.IsNullOrWhiteSpace(Issuer))
            yield return new("Set Access:Tokens:Issuer: a file of keys does not say whose they are.");
        if (AlgorithmList.FirstOrDefault(name => !name.StartsWith("RS", StringComparison.Ordinal)
            && !name.StartsWith("PS", StringComparison.Ordinal) && !name.StartsWith("ES", StringComparison.Ordinal)) is { } unsafeName)
            yield return new($"Access:Tokens:Algorithms names {unsafeName}. Only RS, PS and ES signatures are taken: others can be made with what verifies them.");
    }
}
