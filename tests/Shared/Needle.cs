using System.Text;

namespace Platform.Tests;

/// <summary>Looks for bytes as they are, in hexadecimal, and in base64 at any of its three places.</summary>
internal static class Needle
{
    /// <summary>Too short a needle is found everywhere.</summary>
    public const int MinBytes = 8;

    public static bool IsIn(ReadOnlySpan<byte> content, byte[] needle)
    {
        foreach (var spelling in Spellings(needle))
        {
            if (content.IndexOf(spelling) >= 0) return true;
        }

        return false;
    }

    public static IEnumerable<byte[]> Spellings(byte[] needle)
    {
        if (needle.Length < MinBytes) throw new ArgumentException($"A needle has at least {MinBytes} bytes.", nameof(needle));
        yield return needle;
        yield return Encoding.ASCII.GetBytes(Convert.ToHexStringLower(needle));
        yield return Encoding.ASCII.GetBytes(Convert.ToHexString(needle));
        for (var shift = 0; shift < 3; shift++)
        {
            // What stands before and behind changes the first and last characters, so those are left out.
            var text = Convert.ToBase64String([.. new byte[shift], .. needle]);
            yield return Encoding.ASCII.GetBytes(text[(shift == 0 ? 0 : 4)..^4]);
        }
    }
}
