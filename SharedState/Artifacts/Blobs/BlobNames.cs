namespace Platform.SharedState.Artifacts.Blobs;

/// <summary>Where things stand in the store. Ids and digests come from other processes: one that is none must not become a path.</summary>
internal static class BlobNames
{
    public const string Staging = "staging";
    public const string Artifacts = "sha256";
    private const string SignatureSuffix = ".sig";
    private const int DigestDigits = 64;

    /// <exception cref="FileNotFoundException">Nothing was ever staged under such an id.</exception>
    public static string Staged(string id) =>
        Guid.TryParseExact(id, "n", out _) ? $"{Staging}/{id}" : throw new FileNotFoundException("No such upload.");

    /// <exception cref="FileNotFoundException">No artifact has such a digest.</exception>
    public static string Artifact(string sha256) => sha256.Length == DigestDigits && sha256.All(char.IsAsciiHexDigitLower)
        ? $"{Artifacts}/{sha256[..2]}/{sha256}"
        : throw new FileNotFoundException("No such artifact: its digest is none.");

    /// <inheritdoc cref="Artifact"/>
    public static string Signature(string sha256) => Artifact(sha256) + SignatureSuffix;

    /// <summary>Of an artifact's name or its signature's; null of any other.</summary>
    public static string? DigestOf(string name)
    {
        var last = name[(name.LastIndexOf('/') + 1)..];
        var digest = last.EndsWith(SignatureSuffix, StringComparison.Ordinal) ? last[..^SignatureSuffix.Length] : last;
        return digest.Length == DigestDigits && digest.All(char.IsAsciiHexDigitLower) ? digest : null;
    }
}
