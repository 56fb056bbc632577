using System.Buffers.Binary;

namespace Platform.SharedState.Artifacts.Encryption;

/// <summary>
/// The format of artifacts at rest: AES-256-GCM in chunks of 64 KiB under a data key of the file's own, which is itself
/// wrapped (AES-256-GCM) by a platform key. A chunk's nonce is its number and whether it is the last, so that chunks
/// cannot be swapped, repeated or cut off (the STREAM construction: Hoang, Reyhanitabar, Rogaway, Vizár, 2015).
/// </summary>
/// <remarks>
/// Header: "PLTF" 2 · platform key's id (8 bytes) · wrap nonce (12) · wrapped data key (32) · wrap tag (16).
/// Then chunks: ciphertext · tag (16). All but the last are full, so that the length at rest tells the plain length.
/// </remarks>
internal static class ArtifactFormat
{
    public const int ChunkBytes = 64 * 1024;
    public const int TagBytes = 16;
    public const int NonceBytes = 12;
    public const int KeyBytes = 32;
    public const int SealedChunkBytes = ChunkBytes + TagBytes;

    public static ReadOnlySpan<byte> Magic => "PLTF\u0002"u8;

    public static int KeyIdAt => Magic.Length;

    public static int WrapNonceAt => KeyIdAt + PlatformKey.IdBytes;

    public static int WrappedKeyAt => WrapNonceAt + NonceBytes;

    public static int WrapTagAt => WrappedKeyAt + KeyBytes;

    public static int HeaderBytes => WrapTagAt + TagBytes;

    /// <summary>Length at rest of an artifact of <paramref name="plainBytes"/>; an empty one has one empty chunk.</summary>
    public static long StoredBytes(long plainBytes) =>
        HeaderBytes + plainBytes + (TagBytes * Math.Max(1, (plainBytes + ChunkBytes - 1) / ChunkBytes));

    /// <summary>Plain length of what takes <paramref name="storedBytes"/> at rest.</summary>
    /// <exception cref="InvalidDataException">Nothing that is whole has this length.</exception>
    public static long PlainBytes(long storedBytes)
    {
        var body = storedBytes - HeaderBytes;
        var chunks = (body + SealedChunkBytes - 1) / SealedChunkBytes;
        var plain = body - (chunks * TagBytes);
        return body > 0 && StoredBytes(plain) == storedBytes
            ? plain
            : throw new InvalidDataException("A stored artifact has a length that no whole one has: it is cut off or was added to.");
    }

    public static void WriteNonce(Span<byte> nonce, long chunk, bool isLast)
    {
        nonce.Clear();
        BinaryPrimitives.WriteInt64LittleEndian(nonce, chunk);
        nonce[NonceBytes - 1] = isLast ? (byte)1 : (byte)0;
    }
}
