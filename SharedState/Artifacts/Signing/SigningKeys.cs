using Platform.SharedState.Artifacts.Encryption;

namespace Platform.SharedState.Artifacts.Signing;

/// <summary>
/// With which key this process signs, and whose signatures it accepts. Without keys of their own in the options, both
/// follow the platform keys: the current one signs, the retired ones stay trusted. With them, only they count, so that
/// a process that can decrypt an artifact need not be able to vouch for one.
/// </summary>
internal sealed class SigningKeys
{
    private readonly SigningKey? current;
    private readonly Dictionary<string, SigningKey> trusted;

    public SigningKeys(ArtifactOptions options, KeyRing ring)
    {
        var hasPair = !string.IsNullOrEmpty(options.SigningKey);
        var hasOwn = hasPair || options.TrustedKeys.Length > 0;
        current = hasPair ? SigningKey.FromPem(options.SigningKey!, canSign: true) : hasOwn ? null : SigningKey.Derive(ring.Current);
        var others = hasOwn
            ? options.TrustedKeys.Select(pem => SigningKey.FromPem(pem, canSign: false))
            : ring.Retired.Select(SigningKey.Derive);
        trusted = others.Concat(current is null ? [] : [current]).DistinctBy(key => key.Id).ToDictionary(key => key.Id);
    }

    /// <summary>A new signature over the artifact with this digest.</summary>
    /// <exception cref="InvalidOperationException">This process may only verify.</exception>
    public byte[] Sign(string sha256) => SigstoreBundle.Sign(
        sha256, current ?? throw new InvalidOperationException("This process has no Artifacts:SigningKey, so it cannot add artifacts."));

    /// <inheritdoc cref="SigstoreBundle.Verify"/>
    public string Verify(ReadOnlySpan<byte> bundle, string sha256) => SigstoreBundle.Verify(bundle, sha256, trusted);

    /// <summary>The public key with this id; null if it is not trusted here.</summary>
    public string? PublicPem(string id) => trusted.GetValueOrDefault(id)?.PublicPem;
}
