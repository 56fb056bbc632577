using System.Collections.Concurrent;
using System.Security.Cryptography;
using System.Text;
using Platform.SharedState.Artifacts;
using Platform.SharedState.Artifacts.Encryption;

namespace Platform.SharedState.Sealing;

/// <summary>
/// Seals what Redis keeps of requests and people, and hashes the names under which it is kept, all by the platform keys:
/// new records use the current one, and those of the retired ones stay readable.
/// </summary>
public sealed class DataSeal(ArtifactOptions options)
{
    private const int NameBytes = SealedBox.SubjectBytes;
    private readonly KeyRing keys = new(options.PlatformKey, options.RetiredKeys);
    private readonly ConcurrentDictionary<(string Key, string Purpose), byte[]> derived = new();

    /// <summary>The name under which new records are kept: 32 hexadecimal digits that tell nothing to who lacks the key.</summary>
    internal string NameOf(string purpose, string text) => NameOf(keys.Current, purpose, text);

    /// <summary>All names under which a record may be kept, the present one first; more than one after a rotation.</summary>
    internal IReadOnlyList<string> NamesOf(string purpose, string text) => [.. keys.All.Select(key => NameOf(key, purpose, text))];

    /// <param name="name">What the record is kept under; one that was moved to another name does not open.</param>
    /// <param name="subject">The person whom it is about: it opens as long as this key is there.</param>
    internal byte[] Seal(string purpose, string name, ReadOnlySpan<byte> plain, DateTimeOffset at, SubjectKey? subject = null) => subject is null
        ? SealedBox.Seal(SealedBox.OfPlatform, keys.Current.Id, KeyOf(keys.Current, purpose), Bound(purpose, name), plain, at)
        : SealedBox.Seal(
            SealedBox.OfSubject, [.. Convert.FromHexString(subject.Subject), .. subject.Id], subject.Secret, Bound(purpose, name), plain, at);

    /// <summary>Null when it is about a person whose key is gone.</summary>
    /// <param name="subject">The key of the person whom <see cref="SubjectOf"/> names.</param>
    /// <exception cref="InvalidDataException">It was altered, is another record, or needs a platform key that is not here.</exception>
    internal byte[]? Open(string purpose, string name, ReadOnlySpan<byte> box, SubjectKey? subject = null)
    {
        if (!SealedBox.Is(box)) throw new InvalidDataException($"What is kept as {purpose} is not sealed as ours is.");
        if (box[0] == SealedBox.OfPlatform) return SealedBox.Open(box, KeyOf(keys.Find(SealedBox.PlatformKeyOf(box)), purpose), Bound(purpose, name));
        return subject is not null && SealedBox.SubjectKeyOf(box).SequenceEqual(subject.Id) ? SealedBox.Open(box, subject.Secret, Bound(purpose, name)) : null;
    }

    /// <summary>The person whom a record is about, as hashed; null for one that is about nobody.</summary>
    internal static string? SubjectOf(ReadOnlySpan<byte> box) =>
        SealedBox.Is(box) && box[0] == SealedBox.OfSubject ? Convert.ToHexStringLower(SealedBox.SubjectOf(box)) : null;

    private static string Bound(string purpose, string name) => $"{purpose}\n{name}";

    private string NameOf(PlatformKey key, string purpose, string text)
    {
        Span<byte> hash = stackalloc byte[HMACSHA256.HashSizeInBytes];
        HMACSHA256.HashData(KeyOf(key, "name/" + purpose), Encoding.UTF8.GetBytes(text), hash);
        return Convert.ToHexStringLower(hash[..NameBytes]);
    }

    private byte[] KeyOf(PlatformKey key, string purpose) =>
        derived.GetOrAdd((key.Name, purpose), _ => key.Derive($"platform/records/{purpose}/v1", ArtifactFormat.KeyBytes));
}
