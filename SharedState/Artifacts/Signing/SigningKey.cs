using System.Numerics;
using System.Security.Cryptography;
using System.Text;
using Platform.SharedState.Artifacts.Encryption;

namespace Platform.SharedState.Artifacts.Signing;

/// <summary>An ECDSA P-256 key: a pair, or the public half alone, with which one can verify but not sign.</summary>
internal sealed class SigningKey
{
    private const string P256 = "1.2.840.10045.3.1.7";
    // The order of P-256's group (FIPS 186-5, SP 800-186 3.2.1.3).
    private static readonly BigInteger Order = BigInteger.Parse(
        "115792089210356248762697446949407573529996955224135760342422259061068512044369", System.Globalization.CultureInfo.InvariantCulture);

    private readonly byte[]? privateKey;
    private readonly byte[] publicKey;

    private SigningKey(ECDsa key, bool canSign)
    {
        publicKey = key.ExportSubjectPublicKeyInfo();
        privateKey = canSign ? key.ExportPkcs8PrivateKey() : null;
        Id = Convert.ToHexStringLower(SHA256.HashData(publicKey));
        // With the line end that other tools write, since the bundle's hint is a digest of this text.
        PublicPem = key.ExportSubjectPublicKeyInfoPem() + "\n";
    }

    /// <summary>SHA-256 of the SubjectPublicKeyInfo, 64 lower-case hexadecimal digits.</summary>
    public string Id { get; }

    /// <summary>What anyone needs to verify.</summary>
    public string PublicPem { get; }

    /// <summary>The pair with which who has that platform key signs artifacts.</summary>
    public static SigningKey Derive(PlatformKey key) => Derive(key, "platform/artifacts/sign/v1");

    /// <summary>The pair that a platform key has for one purpose, always the same: 64 bits more than needed, reduced (FIPS 186-5, A.2.1).</summary>
    public static SigningKey Derive(PlatformKey key, string purpose)
    {
        var candidate = new BigInteger(key.Derive(purpose, 40), isUnsigned: true, isBigEndian: true);
        var secret = ((candidate % (Order - 1)) + 1).ToByteArray(isUnsigned: true, isBigEndian: true);
        var padded = new byte[32];
        secret.CopyTo(padded, padded.Length - secret.Length);
        using var pair = ECDsa.Create(new ECParameters { Curve = ECCurve.NamedCurves.nistP256, D = padded });
        return new SigningKey(pair, canSign: true);
    }

    /// <summary>The pair as PEM, for a signer of another kind.</summary>
    public string PrivatePem => PemEncoding.WriteString("PRIVATE KEY", privateKey ?? throw new InvalidOperationException("A public key has no private half."));

    /// <exception cref="ArgumentException">The text is no P-256 key of the kind asked for.</exception>
    public static SigningKey FromPem(string pem, bool canSign)
    {
        try
        {
            using var key = ECDsa.Create();
            key.ImportFromPem(pem);
            return key.ExportParameters(canSign).Curve.Oid.Value == P256
                ? new SigningKey(key, canSign)
                : throw new ArgumentException("The key is of another curve than P-256.");
        }
        catch (CryptographicException e)
        {
            throw new ArgumentException($"The PEM holds no {(canSign ? "private" : "public")} P-256 key.", e);
        }
    }

    /// <summary>Signs the SHA-256 of <paramref name="message"/>; the signature is in DER, as DSSE's users expect.</summary>
    public byte[] Sign(ReadOnlySpan<byte> message)
    {
        using var pair = ECDsa.Create();
        pair.ImportPkcs8PrivateKey(privateKey ?? throw new InvalidOperationException("A public key cannot sign."), out _);
        return pair.SignData(message, HashAlgorithmName.SHA256, DSASignatureFormat.Rfc3279DerSequence);
    }

    public bool Verify(ReadOnlySpan<byte> message, ReadOnlySpan<byte> signature)
    {
        using var key = ECDsa.Create();
        key.ImportSubjectPublicKeyInfo(publicKey, out _);
        return key.VerifyData(message, signature, HashAlgorithmName.SHA256, DSASignatureFormat.Rfc3279DerSequence);
    }

    /// <summary>How the OpenSSF's own tool names the key: a digest of its PEM.</summary>
    public string Hint => Convert.ToHexStringLower(SHA256.HashData(Encoding.ASCII.GetBytes(PublicPem)));
}
