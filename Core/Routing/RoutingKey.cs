using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;

namespace Platform.Core.Routing;

/// <summary>
/// What is made of a caller's routing key. The key itself is never stored or logged; both values below are keyed with
/// the model's salt, so that nobody without it can tell which key they came from or foretell where a key goes.
/// </summary>
public static class RoutingKey
{
    private const int FingerprintBytes = 16;

    /// <summary>The key's slot, 0 to 9,999: the same for the same key and salt, unrelated for another salt.</summary>
    public static int Slot(string key, string salt)
    {
        Span<byte> hash = stackalloc byte[HMACSHA256.HashSizeInBytes];
        Hash(key, salt, hash);
        // The high half of the product is the slot: no modulo, so no slot is favoured.
        return (int)Math.BigMul(BinaryPrimitives.ReadUInt64LittleEndian(hash[FingerprintBytes..]), SlotTable.Slots, out _);
    }

    /// <summary>By what a list of keys knows this one. Shares no bytes of the hash with the slot.</summary>
    public static string Fingerprint(string key, string salt)
    {
        Span<byte> hash = stackalloc byte[HMACSHA256.HashSizeInBytes];
        Hash(key, salt, hash);
        return Convert.ToHexStringLower(hash[..FingerprintBytes]);
    }

    private static void Hash(string key, string salt, Span<byte> hash) =>
        HMACSHA256.HashData(Encoding.UTF8.GetBytes(salt), Encoding.UTF8.GetBytes(key), hash);
}
