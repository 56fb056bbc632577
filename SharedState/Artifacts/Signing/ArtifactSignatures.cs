using Platform.SharedState.Artifacts.Blobs;

namespace Platform.SharedState.Artifacts.Signing;

/// <summary>The signatures that stand beside the artifacts.</summary>
internal sealed class ArtifactSignatures(IArtifactBlobs blobs, SigningKeys keys)
{
    /// <summary>Signs the artifact with this digest, unless a signature that is trusted stands there already.</summary>
    /// <returns>The id of the key that signed.</returns>
    public async Task<string> SignAsync(string sha256, CancellationToken cancellation)
    {
        try
        {
            return await VerifyAsync(sha256, cancellation);
        }
        catch (InvalidDataException)
        {
            // None yet, or one that is not to be trusted any more.
            var bundle = keys.Sign(sha256);
            await blobs.WriteAsync(BlobNames.Signature(sha256), new[] { (ReadOnlyMemory<byte>)bundle }.ToAsyncEnumerable(), cancellation);
            return keys.Verify(bundle, sha256);
        }
    }

    /// <summary>The id of the trusted key that signed the artifact with this digest.</summary>
    /// <exception cref="InvalidDataException">None did, and why.</exception>
    public async Task<string> VerifyAsync(string sha256, CancellationToken cancellation)
    {
        try
        {
            return keys.Verify(await ReadAsync(sha256, cancellation), sha256);
        }
        catch (FileNotFoundException e)
        {
            throw SigstoreBundle.Refused(sha256, "has no signature", e);
        }
    }

    /// <exception cref="FileNotFoundException">There is no such signature.</exception>
    public async Task<byte[]> ReadAsync(string sha256, CancellationToken cancellation)
    {
        await using var blob = await blobs.OpenAsync(BlobNames.Signature(sha256), cancellation);
        if (blob.Length > SigstoreBundle.MaxBytes) throw SigstoreBundle.Refused(sha256, "has a signature that is too long to be one");
        var bundle = new byte[blob.Length];
        await blob.Content.ReadExactlyAsync(bundle, cancellation);
        return bundle;
    }
}
