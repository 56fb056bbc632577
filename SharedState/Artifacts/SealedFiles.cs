using Platform.SharedState.Artifacts.Blobs;
using Platform.SharedState.Artifacts.Encryption;

namespace Platform.SharedState.Artifacts;

/// <summary>
/// Files by name in the artifact store, encrypted as artifacts are, but of no one's signature and not for good. One that
/// is being written is not seen. Trouble with the store is an <see cref="IOException"/>.
/// </summary>
public sealed class SealedFiles : IDisposable
{
    private readonly KeyRing keys;
    private readonly IArtifactBlobs blobs;

    public SealedFiles(ArtifactOptions options)
    {
        keys = new KeyRing(options.PlatformKey, options.RetiredKeys);
        blobs = options.Store is ArtifactStoreKind.S3 ? new S3Blobs(options.S3) : new FolderBlobs(options.Folder);
    }

    /// <summary>Whether a stream of a file can begin anywhere without reading all that lies before.</summary>
    internal bool CanSeek => blobs.CanSeek;

    public void Dispose() => (blobs as IDisposable)?.Dispose();

    /// <summary>Streams a file in, holding no more than a few chunks of it; if anything fails, nothing is kept.</summary>
    /// <returns>Its length in bytes, before encryption.</returns>
    internal async Task<long> WriteAsync(string name, Stream content, CancellationToken cancellation, bool isLasting = true)
    {
        var upload = new SealedUpload(content, keys.Current, long.MaxValue, isHashed: false);
        await blobs.WriteAsync(name, upload.ChunksAsync(cancellation), cancellation, isLasting);
        return upload.SizeBytes;
    }

    /// <summary>The plain file, decrypted and authenticated chunk by chunk as it is read.</summary>
    /// <exception cref="FileNotFoundException">There is no such file.</exception>
    internal async Task<Stream> OpenAsync(string name, CancellationToken cancellation)
    {
        var blob = await blobs.OpenAsync(name, cancellation);
        return new SealedReadStream(blob, keys);
    }

    /// <summary>Deletes a file; one that is gone already is no error.</summary>
    internal Task DeleteAsync(string name, CancellationToken cancellation) => blobs.DeleteAsync(name, cancellation);

    internal Task DeleteFolderAsync(string folder, CancellationToken cancellation) => blobs.DeleteFolderAsync(folder, cancellation);
}
