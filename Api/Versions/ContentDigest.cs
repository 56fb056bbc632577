using Platform.Core.Results;

namespace Platform.Api.Versions;

/// <summary>
/// The digest that a client declares for its upload: <c>Content-Digest: sha-256=:base64:</c> (RFC 9530), or the older
/// <c>Digest: sha-256=base64</c> (RFC 3230), or either with 64 hexadecimal digits as command lines produce them.
/// </summary>
internal static class ContentDigest
{
    private const string Algorithm = "sha-256=";
    private const int Sha256Bytes = 32;

    /// <summary>Reads the digest as lower-case hexadecimal; null when none is declared.</summary>
    public static bool TryRead(IHeaderDictionary headers, out string? sha256, out Refusal? refusal)
    {
        (sha256, refusal) = (null, null);
        foreach (var name in (string[])["Content-Digest", "Digest"])
        {
            var declared = headers[name].ToString();
            if (declared.Length == 0) continue;
            var part = declared.Split(',', StringSplitOptions.TrimEntries)
                .FirstOrDefault(part => part.StartsWith(Algorithm, StringComparison.OrdinalIgnoreCase));
            // A digest of another algorithm is not an error by the RFC; it is just not one that is checked here.
            if (part is null) continue;
            sha256 = Parse(part[Algorithm.Length..].Trim(':'));
            if (sha256 is not null) return true;
            refusal = Refusal.Invalid(name, "Give sha-256=:<base64 of the 32 bytes>: or sha-256=<64 hexadecimal digits>.");
            return false;
        }

        return true;
    }

    private static string? Parse(string text)
    {
        if (text.Length == 2 * Sha256Bytes && text.All(Uri.IsHexDigit)) return text.ToLowerInvariant();
        var bytes = new byte[Sha256Bytes];
        return Convert.TryFromBase64String(text, bytes, out var written) && written == Sha256Bytes ? Convert.ToHexStringLower(bytes) : null;
    }
}
