using System.Net.Http.Json;
using System.Text.Json;
using StackExchange.Redis;

namespace Platform.AppHost.Tests.EndToEnd;

[Collection(nameof(FailureTests))]
public sealed class AuditFailureTests
{
    [Fact]
    public async Task OneByteChangedInRedis_IsFound_AndASiloThatIsKilledForgetsNothing()
    {
        await using var platform = await RunningPlatform.StartAsync();
        for (var i = 0; i < 5; i++) await platform.Api.SendJsonAsync(HttpMethod.Post, "/v1/models", new { name = $"before-{i}" });

        var silo = Assert.Single(await platform.ProcessesAsync("silo"));
        silo.Kill();
        await Until.TrueAsync(
            async () => (await platform.Api.PostAsJsonAsync("/v1/models", new { name = $"after-{Guid.NewGuid():n}" })).IsSuccessStatusCode,
            TimeSpan.FromSeconds(60), "a change to succeed after the kill");
        var verdict = await platform.Api.GetFromJsonAsync<JsonElement>("/v1/audit/verify");
        Assert.True(verdict.GetProperty("valid").GetBoolean(), verdict.ToString());
        Assert.True(verdict.GetProperty("entries").GetInt64() >= 12);

        var endpoint = platform.Endpoint("redis", "tcp");
        await using var redis = await ConnectionMultiplexer.ConnectAsync($"{endpoint.Host}:{endpoint.Port},password=redispasswordoftests1");
        var entry = (byte[])(await redis.GetDatabase().ListGetByIndexAsync("audit:entries:0", 3))!;
        entry[^20] ^= 1;
        await redis.GetDatabase().ListSetByIndexAsync("audit:entries:0", 3, entry);

        verdict = await platform.Api.GetFromJsonAsync<JsonElement>("/v1/audit/verify");
        Assert.False(verdict.GetProperty("valid").GetBoolean());
        Assert.Equal(3, verdict.GetProperty("first_bad").GetInt64());
        // The log goes on, so that nobody can stop all changes by spoiling one old entry.
        await platform.Api.SendJsonAsync(HttpMethod.Post, "/v1/models", new { name = "still" });
    }
}
