using System.Collections.Concurrent;
using System.Globalization;
using StackExchange.Redis;

namespace AppHost.Tests.Local;

/// <summary>Writers that count up, and remember for each the last number Redis said it had.</summary>
internal sealed class AcknowledgedWrites
{
    private const int Connections = 8;
    private const int WritersPerConnection = 4;
    private const int BeforeTheKill = 2000;

    private readonly ConcurrentDictionary<string, long> acknowledged = new();
    private long count;

    /// <summary>All write at once; in the midst of it the server is killed.</summary>
    public async Task WriteUntilAsync(string connectionString, Action kill, CancellationToken cancellationToken)
    {
        using var failed = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var connections = await Task.WhenAll(Enumerable.Range(0, Connections).Select(_ => ConnectionMultiplexer.ConnectAsync(connectionString)));
        var goal = Interlocked.Read(ref count) + BeforeTheKill;
        var writers = connections
            .SelectMany((connection, c) => Enumerable.Range(0, WritersPerConnection).Select(w => WriteAsync(connection.GetDatabase(), $"writer-{c}-{w}", goal, kill, failed)))
            .ToArray();
        await Task.WhenAll(writers);
        foreach (var connection in connections) await connection.DisposeAsync();
    }

    public async Task VerifyAsync(ConnectionMultiplexer redis)
    {
        foreach (var (key, number) in acknowledged)
        {
            var found = (long)await redis.GetDatabase().StringGetAsync(key);
            Assert.True(found >= number, string.Create(CultureInfo.InvariantCulture, $"{key} was acknowledged as {number} and is {found}."));
        }

        await redis.DisposeAsync();
    }

    private async Task WriteAsync(IDatabase database, string key, long goal, Action kill, CancellationTokenSource failed)
    {
        try
        {
            for (var number = acknowledged.GetValueOrDefault(key) + 1; !failed.IsCancellationRequested; number++)
            {
                await database.StringSetAsync(key, number);
                acknowledged[key] = number;
                if (Interlocked.Increment(ref count) == goal) kill();
            }
        }
        catch (Exception e) when (e is RedisException or TimeoutException)
        {
            // The server has been killed: what it has acknowledged until here is what counts.
            await failed.CancelAsync();
        }
    }
}
