using System.Diagnostics;
using System.Net;
using Microsoft.Extensions.DependencyInjection;
using Platform.Core.Access;
using Platform.SharedState.Access;
using Platform.Tests;
using StackExchange.Redis;
using Role = Platform.Core.Access.Role;

namespace Platform.Api.Tests.Access;

/// <summary>What the key ring publishes holds at every Api, soon, and goes on holding while Redis is away.</summary>
public sealed class KeyPropagationTests(RedisServer redis) : IClassFixture<RedisServer>
{
    /// <summary>The promise is one second; the rest is for a machine that is busy with other things.</summary>
    private static readonly TimeSpan Soon = TimeSpan.FromSeconds(5);

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Key_ThatWasJustMade_IsKnownToEveryApiAtItsFirstUse()
    {
        using var first = new ApiHost(redis);
        using var second = new ApiHost(redis);
        using var client = second.NewClient(await new GivenKeys(first.Services).GiveAsync([Role.Viewer]));

        Assert.Equal(HttpStatusCode.OK, await AskAsync(client));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task RevokedKey_IsRefusedByEveryApiSoon_EvenIfTheAnnouncementIsLost(bool isAnnounced)
    {
        using var first = new ApiHost(redis);
        using var second = new ApiHost(redis);
        var keys = new GivenKeys(first.Services);
        ApiKey? given = null;
        var secret = await keys.GiveAsync([Role.Viewer], key => given = key);
        using var there = first.NewClient(secret);
        using var elsewhere = second.NewClient(secret);
        Assert.Equal([HttpStatusCode.OK, HttpStatusCode.OK], [await AskAsync(there), await AskAsync(elsewhere)]);

        var revoked = KeyRules.Revoke(given!, "ann", TimeProvider.System.GetUtcNow());
        if (isAnnounced) await keys.PublishAsync(revoked);
        else await WriteSilentlyAsync(revoked);

        await UntilAsync(async () => (await AskAsync(there), await AskAsync(elsewhere)) == (HttpStatusCode.Unauthorized, HttpStatusCode.Unauthorized));
    }

    [Fact]
    public async Task Keys_WhileRedisIsAway_AreGoodForAWhileAndThenCannotBeChecked()
    {
        var gone = new RedisServer();
        await gone.InitializeAsync();
        using var host = new ApiHost(gone, ("Access:KeysStaleAfter", "00:00:03"));
        using var client = host.NewClient(await new GivenKeys(host.Services).GiveAsync([Role.Inference]));
        using var admin = host.NewClient(ApiHost.AdminKey);
        await gone.DisposeAsync();

        Assert.Equal(HttpStatusCode.NotFound, await AskAsync(client, "/v2/models/any"));
        await UntilAsync(async () => await AskAsync(client, "/v2/models/any") == HttpStatusCode.ServiceUnavailable);
        Assert.Equal(HttpStatusCode.NotFound, await AskAsync(admin, "/v2/models/any"));
    }

    [Fact]
    public async Task LastUse_IsReported()
    {
        using var host = new ApiHost(redis);
        var id = "";
        using var client = host.NewClient(await new GivenKeys(host.Services).GiveAsync([Role.Viewer], key =>
        {
            id = key.Id;
            return key;
        }));
        var uses = host.Services.GetRequiredService<ApiKeyUses>();
        Assert.Null((await uses.ReadAsync([id]))[0]);

        await AskAsync(client);

        await UntilAsync(async () => (await uses.ReadAsync([id]))[0] is not null);
    }

    private async Task WriteSilentlyAsync(ApiKey key)
    {
        var database = redis.Connection.GetDatabase();
        await database.HashSetAsync("keys", key.Id, System.Text.Json.JsonSerializer.Serialize(key, Platform.Core.PlatformJson.Options));
        await database.HashIncrementAsync("keys", "#revision", 1_000_000);
    }

    private static async Task UntilAsync(Func<Task<bool>> condition)
    {
        var watch = Stopwatch.StartNew();
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(25));
        while (!await condition())
        {
            Assert.True(watch.Elapsed < Soon, $"It did not come about within {Soon.TotalSeconds} s.");
            await timer.WaitForNextTickAsync(Cancellation);
        }
    }

    private static async Task<HttpStatusCode> AskAsync(HttpClient client, string path = "/v1/workers")
    {
        using var answer = await client.GetAsync(path, Cancellation);
        return answer.StatusCode;
    }
}
