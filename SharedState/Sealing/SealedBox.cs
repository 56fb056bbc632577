using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;
using Platform.SharedState.Artifacts.Encryption;

namespace Platform.SharedState.Sealing;

/// <summary>
/// The format of a record at rest: AES-256-GCM under a key that is derived for this one record (HKDF-SHA256 with a random
/// salt), so that the number of records under one platform key has no bound that anybody reaches.
/// </summary>
/// <remarks>
/// format (1) · Unix milliseconds of the sealing (8) · owner (8 or 24) · salt (16) · tag (16) · ciphertext. The owner is the
/// platform key's id or, in format 2, the subject's name (16) and the id of that subject's key (8). Everything before the
/// tag is authenticated, and with it the purpose and the name under which the record is stored.
/// </remarks>
internal static class SealedBox
{
    public const byte OfPlatform = 1;
    public const byte OfSubject = 2;
    public const int SubjectBytes = 16;
    public const int KeyIdBytes = PlatformKey.IdBytes;

    /// <summary>How much of a record tells how old it is.</summary>
    public const int AgeBytes = 1 + sizeof(long);
    private const int SaltBytes = 16;

    public static byte[] Seal(byte format, ReadOnlySpan<byte> owner, byte[] key, string bound, ReadOnlySpan<byte> plain, DateTimeOffset at)
    {
        var head = AgeBytes + owner.Length + SaltBytes;
        var box = new byte[head + ArtifactFormat.TagBytes + plain.Length];
        box[0] = format;
        BinaryPrimitives.WriteInt64LittleEndian(box.AsSpan(1), at.ToUnixTimeMilliseconds());
        owner.CopyTo(box.AsSpan(AgeBytes));
        RandomNumberGenerator.Fill(box.AsSpan(head - SaltBytes, SaltBytes));
        using var cipher = Cipher(key, box.AsSpan(head - SaltBytes, SaltBytes));
        // The key is this record's alone, so one nonce will do.
        Span<byte> nonce = stackalloc byte[ArtifactFormat.NonceBytes];
        nonce.Clear();
        cipher.Encrypt(
            nonce, plain, box.AsSpan(head + ArtifactFormat.TagBytes), box.AsSpan(head, ArtifactFormat.TagBytes), Bound(box.AsSpan(0, head), bound));
        return box;
    }

    /// <exception cref="InvalidDataException">The record was changed, or is another one's.</exception>
    public static byte[] Open(ReadOnlySpan<byte> box, byte[] key, string bound)
    {
        var head = HeadOf(box);
        if (head is 0 || box.Length < head + ArtifactFormat.TagBytes) throw new InvalidDataException("A sealed record is cut off.");
        var plain = new byte[box.Length - head - ArtifactFormat.TagBytes];
        using var cipher = Cipher(key, box.Slice(head - SaltBytes, SaltBytes));
        Span<byte> nonce = stackalloc byte[ArtifactFormat.NonceBytes];
        nonce.Clear();
        try
        {
            cipher.Decrypt(
                nonce, box[(head + ArtifactFormat.TagBytes)..], box.Slice(head, ArtifactFormat.TagBytes), plain, Bound(box[..head], bound));
        }
        catch (CryptographicException e)
        {
            throw new InvalidDataException("A sealed record is not the one that was written there.", e);
        }

        return plain;
    }

    public static bool Is(ReadOnlySpan<byte> box) => HeadOf(box) is > 0 and var head && box.Length >= head + ArtifactFormat.TagBytes;

    /// <summary>When it was sealed; null for what is no box.</summary>
    public static DateTimeOffset? SealedAt(ReadOnlySpan<byte> box) => box.Length >= AgeBytes && box[0] is OfPlatform or OfSubject
        ? DateTimeOffset.FromUnixTimeMilliseconds(Math.Clamp(BinaryPrimitives.ReadInt64LittleEndian(box[1..]), 0, 253_402_300_799_999))
        : null;

    public static ReadOnlySpan<byte> PlatformKeyOf(ReadOnlySpan<byte> box) => box.Slice(AgeBytes, KeyIdBytes);

    public static ReadOnlySpan<byte> SubjectOf(ReadOnlySpan<byte> box) => box.Slice(AgeBytes, SubjectBytes);

    public static ReadOnlySpan<byte> SubjectKeyOf(ReadOnlySpan<byte> box) => box.Slice(AgeBytes + SubjectBytes, KeyIdBytes);

    private static int HeadOf(ReadOnlySpan<byte> box) => box.IsEmpty ? 0 : box[0] switch
    {
        OfPlatform => AgeBytes + KeyIdBytes + SaltBytes,
        OfSubject => AgeBytes + SubjectBytes + KeyIdBytes + SaltBytes,
        _ => 0,
    };

    private static AesGcm Cipher(byte[] key, ReadOnlySpan<byte> salt)
    {
        Span<byte> derived = stackalloc byte[ArtifactFormat.KeyBytes];
        HKDF.DeriveKey(HashAlgorithmName.SHA256, key, derived, salt, []);
        return new AesGcm(derived, ArtifactFormat.TagBytes);
    }

    private static byte[] Bound(ReadOnlySpan<byte> head, string bound) => [.. head, .. Encoding.UTF8.GetBytes(bound)];
}
