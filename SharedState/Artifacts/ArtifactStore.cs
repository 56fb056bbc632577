using System.Security.Cryptography;
using Platform.Core.Models;

namespace Platform.SharedState.Artifacts;

/// <summary>An upload that has arrived but is not yet part of any version.</summary>
/// <param name="StagingId">What workers ask for to look at it.</param>
public sealed record StagedArtifact(string StagingId, long SizeBytes, string Sha256);

/// <summary>An upload was larger than <see cref="ArtifactOptions.MaxBytes"/>.</summary>
public sealed class ArtifactTooLargeException(long maxBytes) : Exception($"An artifact may have at most {maxBytes} bytes.");

/// <summary>
/// Model files by the SHA-256 of their content, encrypted, immutable, in a folder that all hosts share. An upload is
/// staged first and becomes an artifact by a rename, so that a half-written one is never seen.
/// </summary>
public sealed class ArtifactStore
{
    private readonly ArtifactOptions options;
    private readonly ArtifactCipher cipher;

    public ArtifactStore(ArtifactOptions options)
    {
        this.options = options;
        cipher = new ArtifactCipher(options.PlatformKey);
        Directory.CreateDirectory(StagingFolder);
    }

    private string StagingFolder => Path.Combine(options.Folder, "staging");

    /// <summary>Streams an upload into the store, encrypted, never holding more than a chunk of it.</summary>
    /// <exception cref="ArtifactTooLargeException">More bytes came than are allowed; nothing is kept.</exception>
    public async Task<StagedArtifact> StageAsync(Stream content, CancellationToken cancellation)
    {
        var id = Guid.NewGuid().ToString("n");
        try
        {
            using var sha256 = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
            await using var file = new FileStream(StagedPath(id), FileMode.CreateNew, FileAccess.Write, FileShare.None);
            using var writer = cipher.Encrypt(file);
            var buffer = new byte[ArtifactCipher.ChunkBytes];
            long size = 0;
            for (int read; (read = await content.ReadAsync(buffer, cancellation)) > 0;)
            {
                if ((size += read) > options.MaxBytes) throw new ArtifactTooLargeException(options.MaxBytes);
                sha256.AppendData(buffer, 0, read);
                await writer.WriteAsync(buffer.AsMemory(0, read), cancellation);
            }

            await writer.CompleteAsync(cancellation);
            file.Flush(flushToDisk: true);
            return new StagedArtifact(id, size, Convert.ToHexStringLower(sha256.GetHashAndReset()));
        }
        catch
        {
            Discard(id);
            throw;
        }
    }

    /// <summary>Makes a staged upload an artifact. The same content twice is one artifact.</summary>
    public ArtifactInfo Commit(StagedArtifact staged)
    {
        var path = ArtifactPath(staged.Sha256);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.Move(StagedPath(staged.StagingId), path, overwrite: true);
        return new ArtifactInfo(staged.SizeBytes, staged.Sha256, Encrypted: true, SignedBy: null);
    }

    public void Discard(string stagingId) => File.Delete(StagedPath(stagingId));

    /// <summary>The whole model, its digest checked on these very bytes.</summary>
    /// <exception cref="InvalidDataException">The stored bytes are not those that were uploaded.</exception>
    /// <exception cref="FileNotFoundException">There is no such artifact.</exception>
    public async Task<byte[]> ReadAsync(ArtifactInfo artifact, CancellationToken cancellation)
    {
        var bytes = await DecryptAsync(ArtifactPath(artifact.Sha256), cancellation);
        if (Convert.ToHexStringLower(SHA256.HashData(bytes)) != artifact.Sha256)
            throw new InvalidDataException($"The stored artifact {artifact.Sha256} has another content than its digest says.");
        return bytes;
    }

    /// <summary>The whole of a staged upload.</summary>
    /// <exception cref="FileNotFoundException">There is no such upload.</exception>
    /// <exception cref="ArtifactTooLargeException">It does not fit into memory in one piece.</exception>
    public Task<byte[]> ReadStagedAsync(string stagingId, CancellationToken cancellation) =>
        DecryptAsync(StagedPath(stagingId), cancellation);

    /// <summary>Writes the plain model to <paramref name="destination"/>, chunk by chunk.</summary>
    public async Task CopyToAsync(ArtifactInfo artifact, Stream destination, CancellationToken cancellation)
    {
        await using var file = File.OpenRead(ArtifactPath(artifact.Sha256));
        await cipher.DecryptAsync(file, destination, cancellation);
    }

    /// <summary>Deletes an artifact that no version has any more; none is no error.</summary>
    public Task DeleteAsync(string sha256, CancellationToken cancellation)
    {
        cancellation.ThrowIfCancellationRequested();
        var file = new FileInfo(ArtifactPath(sha256));
        if (file.Exists) file.Delete();
        return Task.CompletedTask;
    }

    private async Task<byte[]> DecryptAsync(string path, CancellationToken cancellation)
    {
        await using var file = File.OpenRead(path);
        var bytes = Math.Max(0, ArtifactCipher.PlainBytes(file.Length));
        if (bytes > Array.MaxLength) throw new ArtifactTooLargeException(Array.MaxLength);
        // Of exactly the right size the buffer is the result; a model is too large to copy for nothing.
        using var plain = new MemoryStream((int)bytes);
        await cipher.DecryptAsync(file, plain, cancellation);
        return plain.Length == plain.Capacity ? plain.GetBuffer() : plain.ToArray();
    }

    private string StagedPath(string id) =>
        Guid.TryParseExact(id, "n", out _) ? Path.Combine(StagingFolder, id) : throw new FileNotFoundException("No such upload.");

    private string ArtifactPath(string sha256) => Path.Combine(options.Folder, "sha256", sha256[..2], sha256);
}
