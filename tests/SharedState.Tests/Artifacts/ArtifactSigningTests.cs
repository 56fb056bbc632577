using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using Platform.Core.Models;
using Platform.SharedState.Artifacts;

namespace Platform.SharedState.Tests.Artifacts;

public sealed class ArtifactSigningTests : IAsyncLifetime
{
    private readonly FolderUnderTest under = new();
    private ArtifactStore store = null!;
    private ArtifactInfo artifact = null!;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        store = new ArtifactStore(under.Options());
        artifact = await store.StoreAsync([1, 2, 3]);
    }

    public ValueTask DisposeAsync()
    {
        store.Dispose();
        return under.DisposeAsync();
    }

    // Written out by hand, after the specifications of DSSE, in-toto and OpenSSF Model Signing, so that nothing of ours is taken for granted.
    [Fact]
    public async Task Signature_IsVerifiedOffline_WithThePublicKeyAlone()
    {
        var bundle = JsonNode.Parse(await store.ReadSignatureAsync(artifact.Sha256, Cancellation))!;
        var pem = store.PublicKey(artifact.SignedBy!)!;
        using var key = ECDsa.Create();
        key.ImportFromPem(pem);
        var envelope = bundle["dsseEnvelope"]!;
        var payload = Convert.FromBase64String((string)envelope["payload"]!);
        var signature = Convert.FromBase64String((string)envelope["signatures"]![0]!["sig"]!);

        byte[] signed = [.. Encoding.ASCII.GetBytes($"DSSEv1 28 application/vnd.in-toto+json {payload.Length} "), .. payload];
        Assert.True(key.VerifyData(signed, signature, HashAlgorithmName.SHA256, DSASignatureFormat.Rfc3279DerSequence));
        Assert.Equal("application/vnd.in-toto+json", (string)envelope["payloadType"]!);
        Assert.Equal(artifact.SignedBy, Convert.ToHexStringLower(SHA256.HashData(key.ExportSubjectPublicKeyInfo())));
        Assert.Equal(artifact.SignedBy, (string)envelope["signatures"]![0]!["keyid"]!);
        Assert.Equal("application/vnd.dev.sigstore.bundle.v0.3+json", (string)bundle["mediaType"]!);
        Assert.Equal(Convert.ToHexStringLower(SHA256.HashData(Encoding.ASCII.GetBytes(pem))), (string)bundle["verificationMaterial"]!["publicKey"]!["hint"]!);
        Assert.Empty(bundle["verificationMaterial"]!["tlogEntries"]!.AsArray());
        var root = Convert.ToHexStringLower(SHA256.HashData(SHA256.HashData([1, 2, 3])));
        Assert.True(
            JsonNode.DeepEquals(
                JsonNode.Parse(payload),
                JsonNode.Parse($$"""
                {
                  "_type": "https://in-toto.io/Statement/v1",
                  "subject": [{ "name": "model.onnx", "digest": { "sha256": "{{root}}" } }],
                  "predicateType": "https://model_signing/signature/v1.0",
                  "predicate": {
                    "serialization": { "method": "files", "hash_type": "sha256", "allow_symlinks": false, "ignore_paths": ["model.sig"] },
                    "resources": [{ "name": "model.onnx", "algorithm": "sha256", "digest": "{{artifact.Sha256}}" }]
                  }
                }
                """)),
            Encoding.UTF8.GetString(payload));
    }

    public static TheoryData<string, Action<JsonNode>, string> Tamperings => new()
    {
        { "payload", bundle => Envelope(bundle)["payload"] = Base64(Payload(bundle).Replace("model.onnx", "model.onny", StringComparison.Ordinal)), "did not make" },
        { "one space in the payload", bundle => Envelope(bundle)["payload"] = Base64(Payload(bundle) + " "), "did not make" },
        { "payload type", bundle => Envelope(bundle)["payloadType"] = "application/json", "did not make" },
        { "signature", bundle => Signature(bundle)["sig"] = Convert.ToBase64String(Changed(Convert.FromBase64String((string)Signature(bundle)["sig"]!))), "did not make" },
        { "an empty signature", bundle => Signature(bundle)["sig"] = "", "did not make" },
        { "signature that is no base64", bundle => Signature(bundle)["sig"] = "!", "cannot be read" },
        { "key id", bundle => Signature(bundle)["keyid"] = new string('0', 64), "not trusted" },
        { "no key id", bundle => Signature(bundle).AsObject().Remove("keyid"), "cannot be read" },
        { "no signatures", bundle => Envelope(bundle)["signatures"] = new JsonArray(), "not trusted" },
        { "no envelope", bundle => bundle.AsObject().Remove("dsseEnvelope"), "cannot be read" },
        { "null for the payload", bundle => Envelope(bundle)["payload"] = null, "cannot be read" },
    };

    [Theory]
    [MemberData(nameof(Tamperings))]
    public async Task Bundle_TamperedWith_IsRefused(string what, Action<JsonNode> tamper, string why)
    {
        var bundle = JsonNode.Parse(await under.GetAsync(artifact.SignatureName))!;
        tamper(bundle);
        await under.PutAsync(artifact.SignatureName, Encoding.UTF8.GetBytes(bundle.ToJsonString()));

        Assert.Contains(why, await RefusalAsync(artifact), StringComparison.Ordinal);
        Assert.NotEmpty(what);
    }

    [Theory]
    [InlineData("")]
    [InlineData("null")]
    [InlineData("[]")]
    [InlineData("{")]
    public async Task Bundle_ThatIsNone_IsRefused(string text)
    {
        await under.PutAsync(artifact.SignatureName, Encoding.UTF8.GetBytes(text));

        Assert.Contains("cannot be read", await RefusalAsync(artifact), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Bundle_ThatIsFarTooLong_IsRefusedUnread()
    {
        await under.PutAsync(artifact.SignatureName, new byte[1 << 20]);

        Assert.Contains("too long", await RefusalAsync(artifact), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Bundle_ChangedInAnyByteThatCounts_IsRefused()
    {
        var original = await under.GetAsync(artifact.SignatureName);
        var text = Encoding.ASCII.GetString(original);
        var from = text.IndexOf("\"payload\":\"", StringComparison.Ordinal) + 11;
        // Base64 leaves bits unused in its last characters; before them, every one counts.
        var to = text.IndexOf("\",\"payloadType\"", StringComparison.Ordinal) - 4;

        for (var at = from; at < to; at += 7)
        {
            var changed = (byte[])original.Clone();
            changed[at] = changed[at] == (byte)'A' ? (byte)'B' : (byte)'A';
            await under.PutAsync(artifact.SignatureName, changed);
            Assert.NotEmpty(await RefusalAsync(artifact));
        }
    }

    [Fact]
    public async Task SignaturesOfTwoArtifacts_Swapped_AreRefused()
    {
        var other = await store.StoreAsync([4, 5, 6]);
        var (mine, others) = (await under.GetAsync(artifact.SignatureName), await under.GetAsync(other.SignatureName));
        await under.PutAsync(artifact.SignatureName, others);
        await under.PutAsync(other.SignatureName, mine);

        Assert.Contains("made for something else", await RefusalAsync(artifact), StringComparison.Ordinal);
        Assert.Contains("made for something else", await RefusalAsync(other), StringComparison.Ordinal);
        await Assert.ThrowsAsync<InvalidDataException>(() => store.CopyToAsync(other, Stream.Null, Cancellation));
    }

    [Fact]
    public async Task Artifact_WithoutASignature_IsRefused()
    {
        File.Delete(Path.Combine(under.Options().Folder, artifact.SignatureName));

        Assert.Contains($"{artifact.Sha256} has no signature", await RefusalAsync(artifact), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Artifact_SignedByAnotherKey_IsRefused()
    {
        // The other one can encrypt for us, since it has the platform key, but not sign for us.
        var options = under.Options();
        options.SigningKey = NewKey().Pair;
        using var other = new ArtifactStore(options);
        var theirs = await other.StoreAsync([7]);

        Assert.Equal([7], await other.ReadAsync(theirs, Cancellation));
        var refusal = await RefusalAsync(theirs);
        Assert.Contains($"is signed by {theirs.SignedBy}, a key that is not trusted here", refusal, StringComparison.Ordinal);
    }

    [Fact]
    public async Task ProcessWithPublicKeysOnly_LoadsButCannotSign()
    {
        var key = NewKey();
        var (signs, verifies) = (under.Options(), under.Options());
        signs.SigningKey = key.Pair;
        verifies.TrustedKeys = [key.Public];
        using var api = new ArtifactStore(signs);
        using var worker = new ArtifactStore(verifies);

        var signed = await api.StoreAsync([8]);

        Assert.Equal([8], await worker.ReadAsync(signed, Cancellation));
        // What the platform key alone vouches for is no longer enough.
        await Assert.ThrowsAsync<InvalidDataException>(() => worker.ReadAsync(artifact, Cancellation));
        var staged = await worker.StageAsync(new MemoryStream([9]), Cancellation);
        await Assert.ThrowsAsync<InvalidOperationException>(() => worker.CommitAsync(staged, Cancellation));
    }

    [Fact]
    public void DerivedKey_IsTheSameInEachProcess_AndAnotherForEachSecret()
    {
        using var again = new ArtifactStore(under.Options());
        using var other = new ArtifactStore(under.Options("another-platform-key-of-more-than-32-characters"));

        Assert.Equal(store.PublicKey(artifact.SignedBy!), again.PublicKey(artifact.SignedBy!));
        Assert.Null(other.PublicKey(artifact.SignedBy!));
    }

    private async Task<string> RefusalAsync(ArtifactInfo refused) =>
        (await Assert.ThrowsAsync<InvalidDataException>(() => store.ReadAsync(refused, Cancellation))).Message;

    private static JsonNode Envelope(JsonNode bundle) => bundle["dsseEnvelope"]!;

    private static JsonNode Signature(JsonNode bundle) => Envelope(bundle)["signatures"]![0]!;

    private static string Payload(JsonNode bundle) => Encoding.UTF8.GetString(Convert.FromBase64String((string)Envelope(bundle)["payload"]!));

    private static string Base64(string text) => Convert.ToBase64String(Encoding.UTF8.GetBytes(text));

    private static byte[] Changed(byte[] bytes)
    {
        bytes[^1] ^= 1;
        return bytes;
    }

    private static (string Pair, string Public) NewKey()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        return (key.ExportPkcs8PrivateKeyPem(), key.ExportSubjectPublicKeyInfoPem());
    }
}
