using System.Diagnostics;
using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json;

namespace Platform.AppHost.Tests.EndToEnd;

/// <summary>A key's whole life as its holder and an admin see it.</summary>
public sealed class KeyTests(SharedPlatform shared)
{
    private readonly string model = $"m-{Guid.NewGuid():n}";

    private RunningPlatform Platform => shared.Platform;

    [Fact]
    public async Task Key_LimitedToAModel_InfersThereAndNowhereElse()
    {
        await DigitsData.DeployAsync(Platform.Api, model, "1.0.0", "2.0.0");
        var key = await CreateAsync(new { name = "scoped", roles = new[] { "inference" }, models = new[] { model } });
        using var holder = Platform.NewClient(key.GetProperty("secret").GetString());

        Assert.Equal(DigitsData.Classes, (await DigitsData.InferAsync(holder, model, 0, 1)).Length);
        using var other = await holder.PostAsync("/v2/models/digits/infer", DigitsData.Request(0, 1));
        using var management = await holder.GetAsync($"/v1/models/{model}");

        Assert.Equal((HttpStatusCode.Forbidden, HttpStatusCode.Forbidden), (other.StatusCode, management.StatusCode));
    }

    [Fact]
    public async Task Secret_IsToldOnceAndNeverAgain()
    {
        var created = await CreateAsync(new { name = "once", roles = new[] { "viewer" }, expires_at = "2999-01-01T00:00:00Z" });
        var (id, secret) = (created.GetProperty("id").GetString()!, created.GetProperty("secret").GetString()!);

        var one = await Platform.Api.GetStringAsync($"/v1/keys/{id}");
        var all = await Platform.Api.GetStringAsync("/v1/keys?page_size=500");

        Assert.Matches("^plt_[0-9A-Za-z]{49}$", secret);
        Assert.Contains(id, all, StringComparison.Ordinal);
        Assert.DoesNotContain(secret[12..], one + all, StringComparison.Ordinal);
        Assert.Equal(secret[..12], JsonElement.Parse(one).GetProperty("prefix").GetString());
    }

    [Fact]
    public async Task Use_OfAKey_IsShownAsItsLast()
    {
        var created = await CreateAsync(new { name = "used", roles = new[] { "viewer" } });
        var path = $"/v1/keys/{created.GetProperty("id").GetString()}";
        Assert.False((await Platform.Api.GetFromJsonAsync<JsonElement>(path)).TryGetProperty("last_used_at", out _));
        using var holder = Platform.NewClient(created.GetProperty("secret").GetString());

        await holder.GetAsync("/v1/models");

        await Until.TrueAsync(
            async () => (await Platform.Api.GetFromJsonAsync<JsonElement>(path)).TryGetProperty("last_used_at", out _), TimeSpan.FromSeconds(10), "the use to be shown");
    }

    [Fact]
    public async Task RotatedKey_IsGoodWithBothSecretsUntilTheOverlapEnds()
    {
        var created = await CreateAsync(new { name = "rotated", roles = new[] { "viewer" } });
        var path = $"/v1/keys/{created.GetProperty("id").GetString()}/rotate";
        using var before = Platform.NewClient(created.GetProperty("secret").GetString());

        var rotated = await Platform.Api.SendJsonAsync(HttpMethod.Post, path, new { overlap = "30s" });
        using var after = Platform.NewClient(rotated.GetProperty("secret").GetString());
        Assert.Equal((HttpStatusCode.OK, HttpStatusCode.OK), ((await before.GetAsync("/v1/models")).StatusCode, (await after.GetAsync("/v1/models")).StatusCode));

        await Platform.Api.SendJsonAsync(HttpMethod.Post, path, new { overlap = "0s" });
        Assert.Equal(HttpStatusCode.Unauthorized, (await before.GetAsync("/v1/models")).StatusCode);
        Assert.Equal(HttpStatusCode.Unauthorized, (await after.GetAsync("/v1/models")).StatusCode);
    }

    [Fact]
    public async Task Creation_ThatIsRepeatedWithItsIdempotencyKey_GivesTheSameKey()
    {
        var (idempotency, body) = ($"{Guid.NewGuid()}", new { name = "again", roles = new[] { "viewer" } });

        var (first, second) = (await SendAsync(), await SendAsync());

        Assert.Equal(first, second);
        async Task<string?> SendAsync()
        {
            using var request = new HttpRequestMessage(HttpMethod.Post, "/v1/keys") { Content = JsonContent.Create(body) };
            request.Headers.Add("Idempotency-Key", idempotency);
            using var answer = await Platform.Api.SendAsync(request);
            return (await answer.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("secret").GetString();
        }
    }

    [Theory]
    [InlineData("roles", """{"name":"x","roles":["root"]}""")]
    [InlineData("roles", """{"name":"x"}""")]
    [InlineData("name", """{"roles":["viewer"]}""")]
    [InlineData("models", """{"name":"x","roles":["inference"],"models":[null]}""")]
    [InlineData("expires_at", """{"name":"x","roles":["viewer"],"expires_at":"2020-01-01T00:00:00Z"}""")]
    public async Task Key_ThatIsNotValid_IsRefusedByField(string field, string body)
    {
        using var answer = await Platform.Api.PostAsync("/v1/keys", new StringContent(body, MediaTypeHeaderValue.Parse("application/json")));
        var problem = await answer.Content.ReadFromJsonAsync<JsonElement>();

        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
        Assert.StartsWith(field, problem.GetProperty("errors").EnumerateObject().Single().Name, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Limit_OfAModel_HoldsEverybodyUntilItIsLifted()
    {
        await DigitsData.DeployAsync(Platform.Api, model, "1.0.0", "2.0.0");
        await Platform.Api.SendJsonAsync(HttpMethod.Put, $"/v1/limits/models/{model}", new { requests = new { limit = 2, window = "1h" } });
        for (var i = 0; i < 2; i++) await DigitsData.InferAsync(Platform.Api, model, 0, 1);

        using var over = await Platform.Api.PostAsync($"/v2/models/{model}/infer", DigitsData.Request(0, 1));
        Assert.Equal(HttpStatusCode.TooManyRequests, over.StatusCode);
        Assert.NotNull(over.Headers.RetryAfter);
        Assert.True(over.Headers.Contains("RateLimit") && over.Headers.Contains("RateLimit-Policy"));

        using var lifted = await Platform.Api.DeleteAsync($"/v1/limits/models/{model}");
        Assert.Equal(HttpStatusCode.NoContent, lifted.StatusCode);
        await DigitsData.InferAsync(Platform.Api, model, 0, 1);
    }

    [Fact]
    public async Task ComputeSeconds_AreChargedAsTheWorkersMeasureThem()
    {
        await DigitsData.DeployAsync(Platform.Api, model, "1.0.0", "2.0.0");
        await Platform.Api.SendJsonAsync(HttpMethod.Put, $"/v1/limits/models/{model}", new { compute_seconds = new { limit = 0.001, window = "1d" } });

        await Until.TrueAsync(
            async () => (await Platform.Api.PostAsync($"/v2/models/{model}/infer", DigitsData.Request(0, 64))).StatusCode == HttpStatusCode.TooManyRequests,
            TimeSpan.FromSeconds(20), "a millisecond of computing to be used up");
        await Platform.Api.DeleteAsync($"/v1/limits/models/{model}");
    }

    private Task<JsonElement> CreateAsync(object request) => Platform.Api.SendJsonAsync(HttpMethod.Post, "/v1/keys", request);
}

/// <summary>Keys at two Apis, and after everything was killed.</summary>
[Collection(nameof(FailureTests))]
public sealed class KeyFailureTests
{
    /// <summary>The promise is one second; a busy machine gets a little more.</summary>
    private static readonly TimeSpan RevocationLimit = TimeSpan.FromSeconds(3);
    private const int InARow = 30;

    [Fact]
    public async Task RevokedKey_IsRefusedByBothOfTwoApis()
    {
        await using var platform = await RunningPlatform.StartAsync("--Api:Replicas=2");
        var created = await platform.Api.SendJsonAsync(HttpMethod.Post, "/v1/keys", new { name = "two", roles = new[] { "viewer" } });
        var secret = created.GetProperty("secret").GetString()!;
        // Both are asked in turn, so that many in a row are answers of both.
        for (var i = 0; i < InARow; i++) Assert.Equal(HttpStatusCode.OK, await AskAsync(platform, secret));

        using var revoked = await platform.Api.DeleteAsync($"/v1/keys/{created.GetProperty("id").GetString()}");
        Assert.Equal(HttpStatusCode.NoContent, revoked.StatusCode);
        var watch = Stopwatch.StartNew();
        var refused = 0;
        while (refused < InARow)
        {
            refused = await AskAsync(platform, secret) == HttpStatusCode.Unauthorized ? refused + 1 : 0;
            Assert.True(refused > 0 || watch.Elapsed < RevocationLimit, $"The key was still taken {watch.Elapsed} after its revocation.");
        }
    }

    [Fact]
    public async Task Keys_AfterEverythingWasKilled_AreWhatTheyWere()
    {
        var data = Directory.CreateTempSubdirectory("platform-keys-").FullName;
        var appHost = await AppHostProcess.StartAsync(data);
        try
        {
            var kept = await appHost.Api.SendJsonAsync(HttpMethod.Post, "/v1/keys", new { name = "kept", roles = new[] { "viewer" } });
            var ended = await appHost.Api.SendJsonAsync(HttpMethod.Post, "/v1/keys", new { name = "ended", roles = new[] { "viewer" } });
            await appHost.Api.DeleteAsync($"/v1/keys/{ended.GetProperty("id").GetString()}");

            await appHost.KillAsync();
            appHost = await AppHostProcess.StartAsync(data);

            Assert.Equal(HttpStatusCode.OK, await AskAsync(appHost.Api.BaseAddress!, kept.GetProperty("secret").GetString()!));
            Assert.Equal(HttpStatusCode.Unauthorized, await AskAsync(appHost.Api.BaseAddress!, ended.GetProperty("secret").GetString()!));
        }
        finally
        {
            await appHost.KillAsync();
            Directory.Delete(data, recursive: true);
        }
    }

    private static Task<HttpStatusCode> AskAsync(RunningPlatform platform, string secret) => AskAsync(platform.Endpoint("api", "http"), secret);

    /// <summary>On a connection of its own, since a proxy may keep one connection to one Api.</summary>
    private static async Task<HttpStatusCode> AskAsync(Uri api, string secret)
    {
        using var client = new HttpClient { BaseAddress = api };
        client.DefaultRequestHeaders.Authorization = new("Bearer", secret);
        using var answer = await client.GetAsync("/v1/workers");
        return answer.StatusCode;
    }
}
