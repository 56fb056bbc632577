using System.Security.Cryptography;
using System.Text;
using Microsoft.Extensions.Options;
using Platform.ServiceDefaults.Access;

namespace Platform.Api.Conventions;

/// <summary>
/// Encrypts the answers that are remembered for repeated requests (AES-256-GCM), since one of them may hold a new key's
/// secret. Every Api derives the same key from the internal one.
/// </summary>
internal sealed class AnswerSeal(IOptions<InternalAccessOptions> access)
{
    private const int NonceBytes = 12;
    private const int TagBytes = 16;

    private readonly byte[] key = HKDF.DeriveKey(
        HashAlgorithmName.SHA256, Encoding.UTF8.GetBytes(access.Value.InternalKey), outputLength: 32, info: "idempotent-answers"u8.ToArray());

    /// <param name="id">What the answer is kept under; an answer that was moved to another id does not open.</param>
    public byte[] Seal(string id, ReadOnlySpan<byte> answer)
    {
        var box = new byte[NonceBytes + TagBytes + answer.Length];
        RandomNumberGenerator.Fill(box.AsSpan(0, NonceBytes));
        using var aes = new AesGcm(key, TagBytes);
        aes.Encrypt(box.AsSpan(0, NonceBytes), answer, box.AsSpan(NonceBytes + TagBytes), box.AsSpan(NonceBytes, TagBytes), Encoding.UTF8.GetBytes(id));
        return box;
    }

    /// <exception cref="CryptographicException">The bytes are not what this platform sealed under that id.</exception>
    public byte[] Open(string id, ReadOnlySpan<byte> box)
    {
        var answer = new byte[Math.Max(0, box.Length - NonceBytes - TagBytes)];
        using var aes = new AesGcm(key, TagBytes);
        aes.Decrypt(box[..NonceBytes], box[(NonceBytes + TagBytes)..], box.Slice(NonceBytes, TagBytes), answer, Encoding.UTF8.GetBytes(id));
        return answer;
    }
}
