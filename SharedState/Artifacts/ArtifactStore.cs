using System.Security.Cryptography;
using Platform.Core.Models;
using Platform.SharedState.Artifacts.Blobs;
using Platform.SharedState.Artifacts.Encryption;
using Platform.SharedState.Artifacts.Signing;

namespace Platform.SharedState.Artifacts;

/// <summary>
/// Model files by the SHA-256 of their content: encrypted, signed, immutable. An upload is staged first and becomes an
/// artifact in one step, so that a half-written one is never seen. Trouble with the store is an <see cref="IOException"/>.
/// </summary>
public sealed class ArtifactStore : IDisposable
{
    private readonly ArtifactOptions options;
    private readonly KeyRing keys;
    private readonly SigningKeys signing;
    private readonly IArtifactBlobs blobs;
    private readonly ArtifactSignatures signatures;

    public ArtifactStore(ArtifactOptions options)
    {
        this.options = options;
        keys = new KeyRing(options.PlatformKey, options.RetiredKeys);
        signing = new SigningKeys(options, keys);
        blobs = options.Store is ArtifactStoreKind.S3 ? new S3Blobs(options.S3) : new FolderBlobs(options.Folder);
        signatures = new ArtifactSignatures(blobs, signing);
    }

    /// <summary>The most bytes that an upload may have.</summary>
    public long MaxBytes => options.MaxBytes;

    public void Dispose() => (blobs as IDisposable)?.Dispose();

    /// <summary>Streams an upload into the store, encrypted, holding no more than a few chunks of it. If it fails, nothing is kept.</summary>
    /// <exception cref="ArtifactTooLargeException">More bytes came than are allowed.</exception>
    public async Task<StagedArtifact> StageAsync(Stream content, CancellationToken cancellation)
    {
        var id = Guid.NewGuid().ToString("n");
        var upload = new SealedUpload(content, keys.Current, options.MaxBytes, isHashed: true);
        await blobs.WriteAsync(BlobNames.Staged(id), upload.ChunksAsync(cancellation), cancellation);
        return new StagedArtifact(id, upload.SizeBytes, upload.Sha256);
    }

    /// <summary>Makes a staged upload a signed artifact. The same content twice is one artifact, and keeps its first signature.</summary>
    public async Task<ArtifactInfo> CommitAsync(StagedArtifact staged, CancellationToken cancellation)
    {
        // The signature goes first, so that no artifact is ever seen without one.
        var signedBy = await signatures.SignAsync(staged.Sha256, cancellation);
        await blobs.MoveAsync(BlobNames.Staged(staged.StagingId), BlobNames.Artifact(staged.Sha256), cancellation);
        return new ArtifactInfo(staged.SizeBytes, staged.Sha256, Encrypted: true, signedBy);
    }

    /// <summary>Forgets a staged upload; one that is gone, or became an artifact, is no error. What cannot be deleted now is swept later.</summary>
    public async Task DiscardAsync(string stagingId, CancellationToken cancellation)
    {
        try
        {
            await blobs.DeleteAsync(BlobNames.Staged(stagingId), cancellation);
        }
        catch (IOException)
        {
            // Whether the upload succeeded was settled before; its remains must not change the answer.
        }
    }

    /// <summary>The whole model, its digest and then its signature checked on these very bytes.</summary>
    /// <exception cref="InvalidDataException">The bytes are not those that were signed.</exception>
    /// <exception cref="ArtifactTooLargeException">It does not fit into memory in one piece.</exception>
    /// <exception cref="FileNotFoundException">There is no such artifact.</exception>
    public async Task<byte[]> ReadAsync(ArtifactInfo artifact, CancellationToken cancellation)
    {
        var bytes = await ReadWholeAsync(BlobNames.Artifact(artifact.Sha256), cancellation);
        if (Convert.ToHexStringLower(SHA256.HashData(bytes)) != artifact.Sha256) throw OtherContent(artifact.Sha256);
        await signatures.VerifyAsync(artifact.Sha256, cancellation);
        return bytes;
    }

    /// <summary>The whole of a staged upload, which nobody has vouched for.</summary>
    /// <exception cref="FileNotFoundException">There is no such upload.</exception>
    /// <exception cref="ArtifactTooLargeException">It does not fit into memory in one piece.</exception>
    public Task<byte[]> ReadStagedAsync(string stagingId, CancellationToken cancellation) =>
        ReadWholeAsync(BlobNames.Staged(stagingId), cancellation);

    /// <summary>Writes the plain model to <paramref name="destination"/>, chunk by chunk; the last one only once the digest is right.</summary>
    /// <exception cref="InvalidDataException">The bytes are not those that were signed.</exception>
    /// <exception cref="FileNotFoundException">There is no such artifact.</exception>
    public async Task CopyToAsync(ArtifactInfo artifact, Stream destination, CancellationToken cancellation)
    {
        await using var blob = await blobs.OpenAsync(BlobNames.Artifact(artifact.Sha256), cancellation);
        await signatures.VerifyAsync(artifact.Sha256, cancellation);
        using var stored = new SealedArtifact(blob.Content, blob.Length, keys);
        using var sha256 = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        var chunk = new byte[ArtifactFormat.ChunkBytes];
        var left = stored.SizeBytes;
        do
        {
            var length = await stored.ReadChunkAsync(chunk, cancellation);
            left -= length;
            sha256.AppendData(chunk, 0, length);
            if (left == 0 && Convert.ToHexStringLower(sha256.GetHashAndReset()) != artifact.Sha256) throw OtherContent(artifact.Sha256);
            await destination.WriteAsync(chunk.AsMemory(0, length), cancellation);
        }
        while (left > 0);
    }

    /// <summary>The artifact's signature, with which anyone who has the public key can verify the plain model offline.</summary>
    /// <returns>A Sigstore bundle v0.3 in JSON, as OpenSSF Model Signing has it.</returns>
    /// <exception cref="FileNotFoundException">There is no such artifact.</exception>
    public Task<byte[]> ReadSignatureAsync(string sha256, CancellationToken cancellation) => signatures.ReadAsync(sha256, cancellation);

    /// <summary>PEM of the public key with the id that <see cref="ArtifactInfo.SignedBy"/> says; null if it is not trusted here.</summary>
    public string? PublicKey(string keyId) => signing.PublicPem(keyId);

    /// <summary>Deletes an artifact and its signature. One that is gone already is no error.</summary>
    public async Task DeleteAsync(string sha256, CancellationToken cancellation)
    {
        await blobs.DeleteAsync(BlobNames.Artifact(sha256), cancellation);
        await blobs.DeleteAsync(BlobNames.Signature(sha256), cancellation);
    }

    /// <summary>Digests of all artifacts that were last committed before then, those of which only a signature is there too.</summary>
    public async Task<IReadOnlyCollection<string>> ListAsync(DateTimeOffset before, CancellationToken cancellation)
    {
        var (old, young) = (new HashSet<string>(), new HashSet<string>());
        await foreach (var (name, at) in blobs.ListAsync(BlobNames.Artifacts, cancellation))
        {
            if (BlobNames.DigestOf(name) is { } sha256) (at < before ? old : young).Add(sha256);
        }

        old.ExceptWith(young);
        return old;
    }

    /// <summary>Deletes uploads that were abandoned before <paramref name="before"/> by processes that died over them.</summary>
    /// <returns>How many there were.</returns>
    public Task<int> SweepAsync(DateTimeOffset before, CancellationToken cancellation) => blobs.SweepAsync(BlobNames.Staging, before, cancellation);

    private async Task<byte[]> ReadWholeAsync(string name, CancellationToken cancellation)
    {
        await using var blob = await blobs.OpenAsync(name, cancellation);
        using var stored = new SealedArtifact(blob.Content, blob.Length, keys);
        if (stored.SizeBytes > Array.MaxLength) throw new ArtifactTooLargeException(Array.MaxLength);
        // Exactly as much as is needed: a buffer that grows would take three times the model at its peak.
        var bytes = GC.AllocateUninitializedArray<byte>((int)stored.SizeBytes);
        var at = 0;
        do at += await stored.ReadChunkAsync(bytes.AsMemory(at), cancellation);
        while (at < bytes.Length);
        return bytes;
    }

    private static InvalidDataException OtherContent(string sha256) => SigstoreBundle.Refused(sha256, "has another content than its digest says");
}
