using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace Platform.SharedState.Artifacts.Signing;

/// <summary>
/// How a signature is stored: a DSSE envelope within a Sigstore bundle v0.3 for a bare key, the file that OpenSSF Model
/// Signing's own tool reads.
/// </summary>
internal sealed record SigstoreBundle(string MediaType, VerificationMaterial VerificationMaterial, DsseEnvelope DsseEnvelope)
{
    /// <summary>Far more than one signature takes.</summary>
    public const int MaxBytes = 64 * 1024;

    private const string BundleType = "application/vnd.dev.sigstore.bundle.v0.3+json";

    /// <summary>The one way in which bundles and statements are written and read. What is not known is passed over, as in-toto asks.</summary>
    public static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web)
    {
        AllowDuplicateProperties = false, PropertyNameCaseInsensitive = false,
        RespectNullableAnnotations = true, RespectRequiredConstructorParameters = true,
        // No page ever shows it; a plus sign stays one for whoever reads the file.
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    public static byte[] Sign(string sha256, SigningKey key)
    {
        var payload = JsonSerializer.SerializeToUtf8Bytes(ModelStatement.Of(sha256), Json);
        var signature = new DsseSignature(key.Sign(SignedBytes(ModelStatement.MediaType, payload)), key.Id);
        return JsonSerializer.SerializeToUtf8Bytes(
            new SigstoreBundle(
                BundleType, new VerificationMaterial(new PublicKeyHint(key.Hint), []),
                new DsseEnvelope(payload, ModelStatement.MediaType, [signature])),
            Json);
    }

    /// <summary>The id of the trusted key that signed the artifact with this digest.</summary>
    /// <exception cref="InvalidDataException">None did, and why.</exception>
    public static string Verify(ReadOnlySpan<byte> bundle, string sha256, IReadOnlyDictionary<string, SigningKey> trusted)
    {
        var envelope = Parse<SigstoreBundle>(bundle, sha256).DsseEnvelope;
        var signature = envelope.Signatures.FirstOrDefault(signature => trusted.ContainsKey(signature.Keyid))
            ?? throw Refused(sha256, $"is signed by {string.Join(", ", envelope.Signatures.Select(s => s.Keyid))}, a key that is not trusted here");
        if (!trusted[signature.Keyid].Verify(SignedBytes(envelope.PayloadType, envelope.Payload), signature.Sig))
            throw Refused(sha256, $"has a signature that the key {signature.Keyid} did not make");
        // Only now is it known whose words these are.
        if (envelope.PayloadType != ModelStatement.MediaType || !Parse<ModelStatement>(envelope.Payload, sha256).IsOf(sha256))
            throw Refused(sha256, "has a signature that was made for something else");
        return signature.Keyid;
    }

    /// <summary>DSSE's pre-authentication encoding: type and payload with their lengths, so that neither can pass for the other.</summary>
    internal static byte[] SignedBytes(string payloadType, ReadOnlySpan<byte> payload) =>
        [.. Encoding.UTF8.GetBytes($"DSSEv1 {Encoding.UTF8.GetByteCount(payloadType)} {payloadType} {payload.Length} "), .. payload];

    internal static InvalidDataException Refused(string sha256, string why, Exception? cause = null) =>
        new($"The stored artifact {sha256} {why}.", cause);

    private static T Parse<T>(ReadOnlySpan<byte> json, string sha256)
    {
        try
        {
            return JsonSerializer.Deserialize<T>(json, Json) ?? throw new JsonException("null");
        }
        catch (JsonException e)
        {
            throw Refused(sha256, "has a signature that cannot be read", e);
        }
    }
}

internal sealed record VerificationMaterial(PublicKeyHint PublicKey, IReadOnlyList<object> TlogEntries);

internal sealed record PublicKeyHint(string Hint);

internal sealed record DsseEnvelope(byte[] Payload, string PayloadType, IReadOnlyList<DsseSignature> Signatures);

internal sealed record DsseSignature(byte[] Sig, string Keyid);
