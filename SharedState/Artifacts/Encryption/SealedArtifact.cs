using System.Security.Cryptography;

namespace Platform.SharedState.Artifacts.Encryption;

/// <summary>A stored artifact on its way out: chunk by chunk, each one authenticated before it is given.</summary>
internal sealed class SealedArtifact(Stream stored, long storedBytes, KeyRing keys) : IDisposable
{
    private readonly byte[] sealedChunk = new byte[ArtifactFormat.SealedChunkBytes];
    private AesGcm? cipher;
    private long number;
    private long taken;

    /// <summary>Plain length, as the length at rest tells it.</summary>
    public long SizeBytes { get; } = ArtifactFormat.PlainBytes(storedBytes);

    /// <summary>Decrypts the next chunk into the beginning of <paramref name="plain"/> and says its length.</summary>
    /// <exception cref="InvalidDataException">The bytes at rest were changed, or need a key that is not here.</exception>
    public async ValueTask<int> ReadChunkAsync(Memory<byte> plain, CancellationToken cancellation)
    {
        try
        {
            cipher ??= new AesGcm(await ReadHeaderAsync(cancellation), ArtifactFormat.TagBytes);
            var length = (int)Math.Min(ArtifactFormat.ChunkBytes, SizeBytes - taken);
            await stored.ReadExactlyAsync(sealedChunk.AsMemory(0, length + ArtifactFormat.TagBytes), cancellation);
            taken += length;
            Open(cipher, length, plain.Span[..length]);
            number++;
            return length;
        }
        catch (Exception e) when (e is CryptographicException or EndOfStreamException)
        {
            throw new InvalidDataException("A stored artifact is damaged: its bytes are not those that were written.", e);
        }
    }

    /// <summary>Goes on with the chunk that holds that byte of the plain file; what is stored must be able to seek.</summary>
    /// <returns>Where in the chunk the byte is.</returns>
    public async ValueTask<int> SeekAsync(long position, CancellationToken cancellation)
    {
        cipher ??= new AesGcm(await ReadHeaderAsync(cancellation), ArtifactFormat.TagBytes);
        number = position / ArtifactFormat.ChunkBytes;
        taken = number * ArtifactFormat.ChunkBytes;
        stored.Position = ArtifactFormat.HeaderBytes + (number * ArtifactFormat.SealedChunkBytes);
        return (int)(position - taken);
    }

    public void Dispose() => cipher?.Dispose();

    private void Open(AesGcm chunks, int length, Span<byte> plain)
    {
        Span<byte> nonce = stackalloc byte[ArtifactFormat.NonceBytes];
        ArtifactFormat.WriteNonce(nonce, number, isLast: taken == SizeBytes);
        chunks.Decrypt(nonce, sealedChunk.AsSpan(0, length), sealedChunk.AsSpan(length, ArtifactFormat.TagBytes), plain);
    }

    private async Task<byte[]> ReadHeaderAsync(CancellationToken cancellation)
    {
        var header = new byte[ArtifactFormat.HeaderBytes];
        await stored.ReadExactlyAsync(header, cancellation);
        if (!header.AsSpan().StartsWith(ArtifactFormat.Magic))
            throw new InvalidDataException("A stored artifact does not begin as ours do.");
        var dataKey = new byte[ArtifactFormat.KeyBytes];
        keys.Find(header.AsSpan(ArtifactFormat.KeyIdAt, PlatformKey.IdBytes)).Unwrap(
            header.AsSpan(ArtifactFormat.WrapNonceAt, ArtifactFormat.NonceBytes),
            header.AsSpan(ArtifactFormat.WrappedKeyAt, ArtifactFormat.KeyBytes),
            header.AsSpan(ArtifactFormat.WrapTagAt), dataKey);
        return dataKey;
    }
}
