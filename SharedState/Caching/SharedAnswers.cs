using System.Buffers.Binary;
using Platform.Core.Caching;
using StackExchange.Redis;

namespace Platform.SharedState.Caching;

/// <summary>Remembered answers that all Apis share. Losing them costs a computation, so nobody waits for Redis to come back.</summary>
public sealed class SharedAnswers(IConnectionMultiplexer redis)
{
    private const int HeadBytes = sizeof(long) + sizeof(int) + sizeof(int);

    /// <summary>However old it is; null when there is none.</summary>
    public async Task<RememberedAnswer?> FindAsync(string digest)
    {
        var value = await redis.GetDatabase().StringGetAsync(Keys.Answer(digest));
        return value.IsNull ? null : Read((byte[])value!);
    }

    public Task PutAsync(string digest, RememberedAnswer answer, TimeSpan keep)
    {
        var value = new byte[HeadBytes + answer.Bytes];
        BinaryPrimitives.WriteInt64LittleEndian(value, answer.At.ToUnixTimeMilliseconds());
        BinaryPrimitives.WriteInt32LittleEndian(value.AsSpan(8), answer.JsonBytes ?? -1);
        BinaryPrimitives.WriteInt32LittleEndian(value.AsSpan(12), answer.Before.Length);
        answer.Before.CopyTo(value, HeadBytes);
        answer.After.CopyTo(value, HeadBytes + answer.Before.Length);
        return redis.GetDatabase().StringSetAsync(Keys.Answer(digest), value, keep);
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
