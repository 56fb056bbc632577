using System.Text;
using StackExchange.Redis;

namespace Platform.Tests;

/// <summary>Everything that a Redis holds, as bytes: keys, values, fields, members.</summary>
internal static class RedisContents
{
    public static async Task<IReadOnlyList<byte[]>> ReadAsync(IConnectionMultiplexer redis)
    {
        var (all, database) = (new List<byte[]>(), redis.GetDatabase());
        await foreach (var key in redis.GetServers()[0].KeysAsync(pageSize: 1000))
        {
            all.Add((byte[])key!);
            var values = await database.KeyTypeAsync(key) switch
            {
                RedisType.String => [await database.StringGetAsync(key)],
                RedisType.Hash => (await database.HashGetAllAsync(key)).SelectMany(entry => new[] { entry.Name, entry.Value }),
                RedisType.List => await database.ListRangeAsync(key),
                RedisType.Set => await database.SetMembersAsync(key),
                RedisType.SortedSet => await database.SortedSetRangeByRankAsync(key),
                RedisType.None => [],
                var other => throw new InvalidOperationException($"{key} is a {other}, which nobody looks into."),
            };
            all.AddRange(values.Where(value => !value.IsNull).Select(value => (byte[])value!));
        }

        return all;
    }

    /// <summary>The keys and values in which the needle stands.</summary>
    public static IReadOnlyList<string> Find(IEnumerable<byte[]> contents, byte[] needle) =>
        [.. contents.Where(content => Needle.IsIn(content, needle)).Select(content => Encoding.UTF8.GetString(content))];
}
