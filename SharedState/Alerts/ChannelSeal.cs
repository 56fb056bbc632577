using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Platform.Core;
using Platform.Core.Alerts.Routing;
using Platform.SharedState.Artifacts;
using Platform.SharedState.Artifacts.Encryption;

namespace Platform.SharedState.Alerts;

/// <summary>
/// Encrypts the secrets of channels with AES-256-GCM under a key derived from the platform key, bound to the channel's
/// name. What retired keys sealed stays readable.
/// </summary>
public sealed class ChannelSeal(ArtifactOptions options)
{
    private const string Purpose = "platform/alerts/channels/v1";
    private readonly KeyRing keys = new(options.PlatformKey, options.RetiredKeys);

    /// <summary>Key id, nonce, tag and cipher text, in base64.</summary>
    public string Seal(string channel, ChannelSecrets secrets)
    {
        var plain = JsonSerializer.SerializeToUtf8Bytes(secrets, PlatformJson.Options);
        var box = new byte[PlatformKey.IdBytes + ArtifactFormat.NonceBytes + ArtifactFormat.TagBytes + plain.Length];
        keys.Current.Id.CopyTo(box);
        var (nonce, tag, cipherText) = Parts(box);
        RandomNumberGenerator.Fill(nonce.Span);
        using var cipher = Cipher(keys.Current);
        cipher.Encrypt(nonce.Span, plain, cipherText.Span, tag.Span, Encoding.UTF8.GetBytes(channel));
        return Convert.ToBase64String(box);
    }

    /// <exception cref="InvalidDataException">It is sealed under a key that is not here.</exception>
    /// <exception cref="AuthenticationTagMismatchException">It was altered, or is another channel's.</exception>
    public ChannelSecrets Open(string channel, string sealedSecrets)
    {
        var box = Convert.FromBase64String(sealedSecrets);
        var (nonce, tag, cipherText) = Parts(box);
        var plain = new byte[cipherText.Length];
        using var cipher = Cipher(keys.Find(box.AsSpan(0, PlatformKey.IdBytes)));
        cipher.Decrypt(nonce.Span, cipherText.Span, tag.Span, plain, Encoding.UTF8.GetBytes(channel));
        return JsonSerializer.Deserialize<ChannelSecrets>(plain, PlatformJson.Options)!;
    }

    private static AesGcm Cipher(PlatformKey key) => new(key.Derive(Purpose, ArtifactFormat.KeyBytes), ArtifactFormat.TagBytes);

    private static (Memory<byte> Nonce, Memory<byte> Tag, Memory<byte> CipherText) Parts(byte[] box)
    {
        var (nonce, tag) = (PlatformKey.IdBytes, PlatformKey.IdBytes + ArtifactFormat.NonceBytes);
        return (box.AsMemory(nonce, ArtifactFormat.NonceBytes), box.AsMemory(tag, ArtifactFormat.TagBytes), box.AsMemory(tag + ArtifactFormat.TagBytes));
    }
}
