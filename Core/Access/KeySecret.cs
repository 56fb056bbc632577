using System.Buffers;
using System.IO.Hashing;
using System.Numerics;
using System.Security.Cryptography;
using System.Text;

namespace Platform.Core.Access;

/// <summary>
/// The text of an API key: <c>plt_</c>, 256 random bits as 43 digits of base 62, and 6 digits of a CRC-32 over all
/// that. A scanner finds a leaked one by <c>plt_[0-9A-Za-z]{49}</c> and tells it from chance by the checksum.
/// </summary>
public static class KeySecret
{
    public const string Head = "plt_";
    public const int RandomBytes = 32;
    public const int Length = 53;

    /// <summary>How much of a secret is kept in clear, to know a leaked one by: 8 of its 43 random digits.</summary>
    public const int PrefixLength = 12;

    private const int RandomDigits = 43;
    private const int ChecksumDigits = 6;
    private const string Digits = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
    private static readonly SearchValues<char> DigitSet = SearchValues.Create(Digits);

    /// <param name="random">32 bytes from a cryptographic source.</param>
    /// <exception cref="ArgumentException">There are not 32 bytes.</exception>
    public static string Create(ReadOnlySpan<byte> random)
    {
        if (random.Length != RandomBytes) throw new ArgumentException($"A key is made of {RandomBytes} random bytes.", nameof(random));
        var body = Head + ToBase62(new BigInteger(random, isUnsigned: true), RandomDigits);
        return body + Checksum(body);
    }

    /// <summary>Whether the text can be a key of ours at all; says nothing of whether it was ever given out.</summary>
    public static bool IsWellFormed(string text) =>
        text.Length == Length
        && text.StartsWith(Head, StringComparison.Ordinal)
        && text.AsSpan(Head.Length).IndexOfAnyExcept(DigitSet) < 0
        && text.EndsWith(Checksum(text[..^ChecksumDigits]), StringComparison.Ordinal);

    /// <summary>What is stored: SHA-256 in lower-case hex. The secret has 256 random bits, so neither salt nor stretching would add to it.</summary>
    public static string Digest(string secret) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(secret)));

    public static string PrefixOf(string secret) => secret[..PrefixLength];

    private static string Checksum(string body) =>
        ToBase62(new BigInteger(Crc32.HashToUInt32(Encoding.UTF8.GetBytes(body))), ChecksumDigits);

    private static string ToBase62(BigInteger number, int length)
    {
        var text = new char[length];
        for (var i = length - 1; i >= 0; i--)
        {
            number = BigInteger.DivRem(number, Digits.Length, out var digit);
            text[i] = Digits[(int)digit];
        }

        return new string(text);
    }
}
