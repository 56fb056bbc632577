using System.Buffers.Binary;
using Platform.Core.Caching;
using Platform.SharedState.Sealing;
using StackExchange.Redis;

namespace Platform.SharedState.Caching;

/// <summary>
/// Remembered answers that all Apis share, sealed. Losing them costs a computation, so nobody waits for Redis to come back.
/// </summary>
public sealed class SharedAnswers(IConnectionMultiplexer redis, DataSeal seal)
{
    private const int HeadBytes = sizeof(long) + sizeof(int) + sizeof(int);

    /// <summary>However old it is; null when there is none.</summary>
    public async Task<RememberedAnswer?> FindAsync(string digest)
    {
        var name = seal.NameOf(SealPurposes.Answer, digest);
        var value = await redis.GetDatabase().StringGetAsync(Keys.Answer(name));
        try
        {
            return value.IsNull ? null : Read(seal.Open(SealPurposes.Answer, name, (byte[])value!)!);
        }
        catch (InvalidDataException)
        {
            // Somebody changed it: as good as forgotten, and the answer that is computed now takes its place.
            return null;
        }
    }

    public Task PutAsync(string digest, RememberedAnswer answer, TimeSpan keep)
    {
        var value = new byte[HeadBytes + answer.Bytes];
        BinaryPrimitives.WriteInt64LittleEndian(value, answer.At.ToUnixTimeMilliseconds());
        BinaryPrimitives.WriteInt32LittleEndian(value.AsSpan(8), answer.JsonBytes ?? -1);
        BinaryPrimitives.WriteInt32LittleEndian(value.AsSpan(12), answer.Before.Length);
        answer.Before.CopyTo(value, HeadBytes);
        answer.After.CopyTo(value, HeadBytes + answer.Before.Length);
        var name = seal.NameOf(SealPurposes.Answer, digest);
        return redis.GetDatabase().StringSetAsync(Keys.Answer(name), seal.Seal(SealPurposes.Answer, name, value, answer.At), keep);
    }

    private static RememberedAnswer? Read(byte[] value)
    {
        if (value.Length < HeadBytes) return null;
        var before = BinaryPrimitives.ReadInt32LittleEndian(value.AsSpan(12));
        if (before < 0 || before > value.Length - HeadBytes) return null;
        var json = BinaryPrimitives.ReadInt32LittleEndian(value.AsSpan(8));
        return new(
            value[HeadBytes..(HeadBytes + before)], value[(HeadBytes + before)..], json < 0 ? null : json,
            DateTimeOffset.FromUnixTimeMilliseconds(BinaryPrimitives.ReadInt64LittleEndian(value)));
    }
}
