using System.Net;
using System.Text.Json;

namespace Platform.AppHost.Tests.EndToEnd;

public sealed class AccessTests(SharedPlatform shared)
{
    private static readonly string[] Open = ["/v2/health/live", "/v2/health/ready"];

    [Fact]
    public async Task EveryCallOfTheContract_WithoutAKnownKey_Is401()
    {
        using var nobody = shared.Platform.NewClient(key: null);
        using var stranger = shared.Platform.NewClient("a-key-that-nobody-gave-out-0123456789abcdef");
        var contract = await shared.Platform.Api.SendJsonAsync(HttpMethod.Get, "/openapi/v1.json", null);
        var calls = contract.GetProperty("paths").EnumerateObject()
            .SelectMany(path => path.Value.EnumerateObject().Select(method => (Method: method.Name, Path: path.Name)))
            .Where(call => !Open.Contains(call.Path))
            .ToArray();
        Assert.True(calls.Length > 15, "The contract lists hardly anything.");

        foreach (var (method, template) in calls)
        {
            var path = template.Replace("{model}", "any", StringComparison.Ordinal).Replace("{version}", "1.0.0", StringComparison.Ordinal)
                .Replace("{id}", "1", StringComparison.Ordinal);
            foreach (var client in (HttpClient[])[nobody, stranger])
            {
                using var answer = await client.SendAsync(new HttpRequestMessage(HttpMethod.Parse(method), path));
                Assert.True(answer.StatusCode == HttpStatusCode.Unauthorized, $"{method} {path} is open: {answer.StatusCode}");
            }
        }
    }

    [Theory]
    [InlineData("/health")]
    [InlineData("/alive")]
    [InlineData("/v2/health/live")]
    [InlineData("/v2/health/ready")]
    public async Task Health_NeedsNoKey(string path)
    {
        using var nobody = shared.Platform.NewClient(key: null);

        Assert.Equal(HttpStatusCode.OK, (await nobody.GetAsync(path)).StatusCode);
    }

    [Fact]
    public async Task Key_InXApiKey_IsTakenToo()
    {
        using var client = shared.Platform.NewClient(key: null);
        client.DefaultRequestHeaders.Add("X-Api-Key", RunningPlatform.AdminKey);

        Assert.Equal(HttpStatusCode.OK, (await client.GetAsync("/v1/models")).StatusCode);
    }

    [Fact]
    public async Task Worker_RefusesWhoeverLacksTheInternalKey()
    {
        var workers = await shared.Platform.Api.SendJsonAsync(HttpMethod.Get, "/v1/workers", null);
        foreach (var worker in workers.GetProperty("items").EnumerateArray())
        {
            using var client = new HttpClient { BaseAddress = new Uri(worker.GetProperty("address").GetString()!) };
            client.DefaultRequestHeaders.Authorization = new("Bearer", RunningPlatform.AdminKey);
            foreach (var path in (string[])["/internal/models/m/versions/1.0.0/infer", $"/internal/staged/{Guid.NewGuid():n}/inspect", "/internal/validate"])
                Assert.Equal(HttpStatusCode.Unauthorized, (await client.PostAsync(path, null)).StatusCode);
        }
    }

    [Theory]
    [InlineData("/")]
    [InlineData("/internal/anything")]
    [InlineData("/metrics")]
    public async Task Silo_RefusesWhoeverLacksTheInternalKey(string path)
    {
        using var client = new HttpClient { BaseAddress = shared.Platform.Endpoint("silo", "http") };
        client.DefaultRequestHeaders.Authorization = new("Bearer", RunningPlatform.AdminKey);

        Assert.Equal(HttpStatusCode.Unauthorized, (await client.GetAsync(path)).StatusCode);
        Assert.Equal(HttpStatusCode.OK, (await client.GetAsync("/health")).StatusCode);
    }

    [Fact]
    public async Task Refusal_HasTheShapeOfItsSurface()
    {
        using var nobody = shared.Platform.NewClient(key: null);

        using var management = await nobody.GetAsync("/v1/models");
        using var inference = await nobody.GetAsync("/v2/models/any");

        Assert.Equal("application/problem+json", management.Content.Headers.ContentType!.MediaType);
        Assert.Equal(401, JsonSerializer.Deserialize<JsonElement>(await management.Content.ReadAsStringAsync()).GetProperty("status").GetInt32());
        Assert.NotEmpty(JsonSerializer.Deserialize<JsonElement>(await inference.Content.ReadAsStringAsync()).GetProperty("error").GetString()!);
    }
}
