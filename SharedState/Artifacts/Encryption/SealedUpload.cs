using System.Runtime.CompilerServices;
using System.Security.Cryptography;

namespace Platform.SharedState.Artifacts.Encryption;

/// <summary>An upload on its way into the store: encrypted, counted and, where asked for, hashed as it passes, two chunks in memory at a time.</summary>
/// <param name="isHashed">Whether <see cref="Sha256"/> is wanted, which costs more than the encryption.</param>
internal sealed class SealedUpload(Stream content, PlatformKey key, long maxBytes, bool isHashed)
{
    /// <summary>Plain length, once all chunks were taken.</summary>
    public long SizeBytes { get; private set; }

    /// <summary>Digest of the plain bytes, once all chunks were taken.</summary>
    public string Sha256 { get; private set; } = "";

    /// <summary>The header and the sealed chunks. Each is valid until the next one is asked for.</summary>
    /// <exception cref="ArtifactTooLargeException">More bytes came than are allowed.</exception>
    public async IAsyncEnumerable<ReadOnlyMemory<byte>> ChunksAsync([EnumeratorCancellation] CancellationToken cancellation)
    {
        var dataKey = RandomNumberGenerator.GetBytes(ArtifactFormat.KeyBytes);
        using var cipher = new AesGcm(dataKey, ArtifactFormat.TagBytes);
        using var sha256 = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        yield return Header(dataKey);
        CryptographicOperations.ZeroMemory(dataKey);

        var (plain, next) = (new byte[ArtifactFormat.ChunkBytes], new byte[ArtifactFormat.ChunkBytes]);
        var sealedChunk = new byte[ArtifactFormat.SealedChunkBytes];
        var length = await FillAsync(plain, cancellation);
        for (long number = 0, following = -1; following != 0; number++)
        {
            // Whether a full chunk is the last is known only when nothing comes after it.
            following = length == ArtifactFormat.ChunkBytes ? await FillAsync(next, cancellation) : 0;
            if (isHashed) sha256.AppendData(plain, 0, length);
            Seal(cipher, number, isLast: following == 0, plain.AsSpan(0, length), sealedChunk);
            yield return sealedChunk.AsMemory(0, length + ArtifactFormat.TagBytes);
            (plain, next, length) = (next, plain, (int)following);
        }

        if (isHashed) Sha256 = Convert.ToHexStringLower(sha256.GetHashAndReset());
    }

    private async Task<int> FillAsync(byte[] chunk, CancellationToken cancellation)
    {
        var length = await content.ReadAtLeastAsync(chunk, chunk.Length, throwOnEndOfStream: false, cancellation);
        if ((SizeBytes += length) > maxBytes) throw new ArtifactTooLargeException(maxBytes);
        return length;
    }

    private byte[] Header(byte[] dataKey)
    {
        var header = new byte[ArtifactFormat.HeaderBytes];
        ArtifactFormat.Magic.CopyTo(header);
        key.Id.CopyTo(header.AsSpan(ArtifactFormat.KeyIdAt));
        var nonce = header.AsSpan(ArtifactFormat.WrapNonceAt, ArtifactFormat.NonceBytes);
        RandomNumberGenerator.Fill(nonce);
        key.Wrap(
            dataKey, nonce, header.AsSpan(ArtifactFormat.WrappedKeyAt, ArtifactFormat.KeyBytes), header.AsSpan(ArtifactFormat.WrapTagAt));
        return header;
    }

    private static void Seal(AesGcm cipher, long number, bool isLast, ReadOnlySpan<byte> plain, Span<byte> sealedChunk)
    {
        Span<byte> nonce = stackalloc byte[ArtifactFormat.NonceBytes];
        ArtifactFormat.WriteNonce(nonce, number, isLast);
        cipher.Encrypt(nonce, plain, sealedChunk[..plain.Length], sealedChunk.Slice(plain.Length, ArtifactFormat.TagBytes));
    }
}
