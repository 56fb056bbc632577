using System.Security.Cryptography;
using System.Text;

namespace Platform.SharedState.Artifacts.Encryption;

/// <summary>A platform secret as keys: one that wraps data keys, and whatever else is derived from it under a name of its own.</summary>
internal sealed class PlatformKey
{
    public const int IdBytes = 8;
    private readonly byte[] secret;
    private readonly byte[] wrapping;
    private readonly byte[] id;

    public PlatformKey(string platformSecret)
    {
        secret = Encoding.UTF8.GetBytes(platformSecret);
        wrapping = Derive("platform/artifacts/wrap/v2", ArtifactFormat.KeyBytes);
        id = Derive("platform/artifacts/key-id/v2", IdBytes);
    }

    /// <summary>Names the secret without telling anything of it; stands in the header of each artifact.</summary>
    public ReadOnlySpan<byte> Id => id;

    /// <summary>The id as people read it in messages.</summary>
    public string Name => Convert.ToHexStringLower(id);

    /// <summary>Key material for one purpose (HKDF-SHA256, RFC 5869): who has one purpose's cannot find another's.</summary>
    public byte[] Derive(string purpose, int bytes) =>
        HKDF.DeriveKey(HashAlgorithmName.SHA256, secret, bytes, info: Encoding.UTF8.GetBytes(purpose));

    public void Wrap(ReadOnlySpan<byte> dataKey, ReadOnlySpan<byte> nonce, Span<byte> wrapped, Span<byte> tag)
    {
        using var cipher = new AesGcm(wrapping, ArtifactFormat.TagBytes);
        cipher.Encrypt(nonce, dataKey, wrapped, tag, id);
    }

    /// <exception cref="AuthenticationTagMismatchException">The wrapped key is not what this key wrapped.</exception>
    public void Unwrap(ReadOnlySpan<byte> nonce, ReadOnlySpan<byte> wrapped, ReadOnlySpan<byte> tag, Span<byte> dataKey)
    {
        using var cipher = new AesGcm(wrapping, ArtifactFormat.TagBytes);
        cipher.Decrypt(nonce, wrapped, tag, dataKey, id);
    }
}
