using System.Security.Cryptography;
using System.Text;

namespace Platform.Core.Quality;

/// <summary>A routing key as it may be remembered: who has no secret of the platform's cannot tell whose it was.</summary>
public static class UnitHash
{
    private const int Bytes = 12;

    /// <param name="secret">The same on every Api.</param>
    /// <param name="model">The same key is another unit with another model.</param>
    public static string Of(string secret, string model, string routingKey)
    {
        Span<byte> hash = stackalloc byte[HMACSHA256.HashSizeInBytes];
        HMACSHA256.HashData(Encoding.UTF8.GetBytes("unit:" + secret), Encoding.UTF8.GetBytes($"{model}\n{routingKey}"), hash);
        return Convert.ToHexStringLower(hash[..Bytes]);
    }
}
