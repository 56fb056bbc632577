using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;

namespace Platform.SharedState.Artifacts;

/// <summary>
/// The file format of artifacts at rest: AES-256-GCM in chunks of 64 KiB under a data key of the file's own, which is
/// itself wrapped (AES-256-GCM) by the platform key. Each chunk's nonce is its number, and its associated data says
/// whether it is the last, so that chunks cannot be swapped, repeated or cut off (the STREAM construction: Hoang,
/// Reyhanitabar, Rogaway, Vizár, 2015).
/// </summary>
/// <remarks>
/// Header: "PLTF" 1 · key id (8 bytes) · wrap nonce (12) · wrapped data key (32) · wrap tag (16).
/// Then chunks: length with the top bit set on the last (4, little-endian) · ciphertext · tag (16).
/// </remarks>
internal sealed class ArtifactCipher
{
    public const int ChunkBytes = 64 * 1024;
    private const int TagBytes = 16;
    private const int NonceBytes = 12;
    private const int KeyBytes = 32;
    private const int KeyIdBytes = 8;
    private const uint LastFlag = 0x8000_0000;
    private static readonly byte[] Magic = [(byte)'P', (byte)'L', (byte)'T', (byte)'F', 1];
    private readonly byte[] platformKey;
    private readonly byte[] keyId;

    public ArtifactCipher(string platformSecret)
    {
        platformKey = HKDF.DeriveKey(
            HashAlgorithmName.SHA256, Encoding.UTF8.GetBytes(platformSecret), KeyBytes, info: "platform/artifacts/v1"u8.ToArray());
        keyId = SHA256.HashData(platformKey)[..KeyIdBytes];
    }

    /// <summary>Bytes of content in a stored file of that length.</summary>
    public static long PlainBytes(long storedBytes)
    {
        var chunks = storedBytes - (Magic.Length + KeyIdBytes + NonceBytes + KeyBytes + TagBytes);
        const int overhead = sizeof(uint) + TagBytes;
        return chunks - (overhead * ((chunks + ChunkBytes + overhead - 1) / (ChunkBytes + overhead)));
    }

    public Writer Encrypt(Stream destination) => new(this, destination);

    /// <exception cref="InvalidDataException">The file was not written by this format, with this key, or was changed since.</exception>
    public async Task DecryptAsync(Stream source, Stream destination, CancellationToken cancellation)
    {
        try
        {
            using var chunks = new AesGcm(await ReadHeaderAsync(source, cancellation), TagBytes);
            var frame = new byte[4];
            var sealedChunk = new byte[ChunkBytes + TagBytes];
            var plain = new byte[ChunkBytes];
            for (ulong number = 0, last = 0; last == 0; number++)
            {
                await source.ReadExactlyAsync(frame, cancellation);
                var header = BinaryPrimitives.ReadUInt32LittleEndian(frame);
                last = header & LastFlag;
                var length = (int)(header & ~LastFlag);
                if (length > ChunkBytes) throw new InvalidDataException("A stored artifact has a chunk of an impossible length.");
                await source.ReadExactlyAsync(sealedChunk.AsMemory(0, length + TagBytes), cancellation);
                chunks.Decrypt(
                    Nonce(number), sealedChunk.AsSpan(0, length), sealedChunk.AsSpan(length, TagBytes), plain.AsSpan(0, length), frame);
                await destination.WriteAsync(plain.AsMemory(0, length), cancellation);
            }
        }
        catch (Exception e) when (e is CryptographicException or EndOfStreamException)
        {
            throw new InvalidDataException("A stored artifact is damaged, or was written under another platform key.", e);
        }
    }

    private static byte[] Nonce(ulong number)
    {
        var nonce = new byte[NonceBytes];
        BinaryPrimitives.WriteUInt64LittleEndian(nonce, number);
        return nonce;
    }

    private byte[] NewHeader(out byte[] dataKey)
    {
        dataKey = RandomNumberGenerator.GetBytes(KeyBytes);
        var nonce = RandomNumberGenerator.GetBytes(NonceBytes);
        var wrapped = new byte[KeyBytes];
        var tag = new byte[TagBytes];
        using var wrap = new AesGcm(platformKey, TagBytes);
        wrap.Encrypt(nonce, dataKey, wrapped, tag, keyId);
        return [.. Magic, .. keyId, .. nonce, .. wrapped, .. tag];
    }

    private async Task<byte[]> ReadHeaderAsync(Stream source, CancellationToken cancellation)
    {
        var header = new byte[Magic.Length + keyId.Length + NonceBytes + KeyBytes + TagBytes];
        await source.ReadExactlyAsync(header, cancellation);
        if (!header.AsSpan().StartsWith(Magic)) throw new InvalidDataException("A stored artifact does not begin as ours do.");
        var at = Magic.Length;
        if (!header.AsSpan(at, keyId.Length).SequenceEqual(keyId))
            throw new InvalidDataException("A stored artifact was written under another platform key.");
        at += keyId.Length;
        var dataKey = new byte[KeyBytes];
        using var wrap = new AesGcm(platformKey, TagBytes);
        wrap.Decrypt(
            header.AsSpan(at, NonceBytes), header.AsSpan(at + NonceBytes, KeyBytes),
            header.AsSpan(at + NonceBytes + KeyBytes, TagBytes), dataKey, keyId);
        return dataKey;
    }

    /// <summary>Encrypts what is written to it; the file is whole only after <see cref="CompleteAsync"/>.</summary>
    internal sealed class Writer : IDisposable
    {
        private readonly Stream destination;
        private readonly AesGcm chunks;
        private readonly byte[] plain = new byte[ChunkBytes];
        private readonly byte[] frame = new byte[4 + ChunkBytes + TagBytes];
        private byte[]? header;
        private int filled;
        private ulong number;

        internal Writer(ArtifactCipher cipher, Stream destination)
        {
            this.destination = destination;
            header = cipher.NewHeader(out var dataKey);
            chunks = new AesGcm(dataKey, TagBytes);
        }

        public async Task WriteAsync(ReadOnlyMemory<byte> bytes, CancellationToken cancellation)
        {
            while (!bytes.IsEmpty)
            {
                // A full chunk is held back until more comes, since only then it is known not to be the last.
                if (filled == ChunkBytes) await WriteChunkAsync(isLast: false, cancellation);
                var taken = Math.Min(bytes.Length, ChunkBytes - filled);
                bytes[..taken].CopyTo(plain.AsMemory(filled));
                filled += taken;
                bytes = bytes[taken..];
            }
        }

        public Task CompleteAsync(CancellationToken cancellation) => WriteChunkAsync(isLast: true, cancellation);

        public void Dispose() => chunks.Dispose();

        private async Task WriteChunkAsync(bool isLast, CancellationToken cancellation)
        {
            if (header is not null) await destination.WriteAsync(header, cancellation);
            header = null;
            BinaryPrimitives.WriteUInt32LittleEndian(frame, (uint)filled | (isLast ? LastFlag : 0));
            chunks.Encrypt(
                Nonce(number++), plain.AsSpan(0, filled), frame.AsSpan(4, filled), frame.AsSpan(4 + filled, TagBytes), frame.AsSpan(0, 4));
            await destination.WriteAsync(frame.AsMemory(0, 4 + filled + TagBytes), cancellation);
            filled = 0;
        }
    }
}
