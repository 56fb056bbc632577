using System.Net;
using System.Net.Http.Json;
using System.Text.Json;

namespace Platform.AppHost.Tests.EndToEnd;

/// <summary>Idempotency keys, etags and pages, as the contract promises them.</summary>
public sealed class ConventionTests(SharedPlatform shared)
{
    private readonly HttpClient api = shared.Platform.Api;
    private readonly string model = $"m-{Guid.NewGuid():n}";

    [Fact]
    public async Task IdempotencyKey_SameBody_GetsTheFirstAnswerAgain()
    {
        var key = Guid.NewGuid().ToString();

        var first = await CreateAsync(key, new { name = model });
        var second = await CreateAsync(key, new { name = model });
        var other = await CreateAsync(key, new { name = model, owner = "me" });
        var without = await CreateAsync(null, new { name = model });

        Assert.Equal(HttpStatusCode.Created, first.Status);
        Assert.Equal(first, second);
        Assert.Equal(HttpStatusCode.UnprocessableEntity, other.Status);
        Assert.Equal(HttpStatusCode.Conflict, without.Status);
    }

    [Fact]
    public async Task IdempotencyKey_ManyAtOnce_CreateOnce()
    {
        var key = Guid.NewGuid().ToString();

        var answers = await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => CreateAsync(key, new { name = model })));

        Assert.Contains(answers, answer => answer.Status == HttpStatusCode.Created);
        Assert.All(answers, answer => Assert.True(answer.Status is HttpStatusCode.Created or HttpStatusCode.Conflict, answer.Body));
        Assert.All(answers.Where(answer => answer.Status == HttpStatusCode.Conflict), answer => Assert.Contains("still being worked on", answer.Body, StringComparison.Ordinal));
    }

    [Fact]
    public async Task IfMatch_OfAnOlderState_Is412AndChangesNothing()
    {
        await api.SendJsonAsync(HttpMethod.Post, "/v1/models", new { name = model });
        using var read = await api.GetAsync($"/v1/models/{model}");
        var etag = read.Headers.ETag!.Tag;
        Assert.Equal(HttpStatusCode.OK, await PatchAsync(etag, "first"));

        Assert.Equal(HttpStatusCode.PreconditionFailed, await PatchAsync(etag, "second"));

        var now = await api.SendJsonAsync(HttpMethod.Get, $"/v1/models/{model}", null);
        Assert.Equal("first", now.GetProperty("owner").GetString());
        Assert.NotEqual(etag, now.GetProperty("etag").GetString());
    }

    [Fact]
    public async Task Pages_ShowEachModelOnce()
    {
        var names = Enumerable.Range(0, 7).Select(i => $"{model}-{i}").ToArray();
        foreach (var name in names) await api.SendJsonAsync(HttpMethod.Post, "/v1/models", new { name, labels = new { set = model } });

        var seen = new List<string>();
        string? token = null;
        do
        {
            var page = await api.GetFromJsonAsync<JsonElement>($"/v1/models?page_size=3&label=set:{model}{(token is null ? "" : $"&page_token={token}")}");
            seen.AddRange(page.GetProperty("items").EnumerateArray().Select(item => item.GetProperty("name").GetString()!));
            token = page.GetProperty("next_page_token").GetString();
        }
        while (token is not null);

        Assert.Equal(names, seen);
    }

    private async Task<(HttpStatusCode Status, string Body)> CreateAsync(string? key, object body)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "/v1/models") { Content = JsonContent.Create(body) };
        if (key is not null) request.Headers.Add("Idempotency-Key", key);
        using var response = await api.SendAsync(request);
        return (response.StatusCode, await response.Content.ReadAsStringAsync());
    }

    private async Task<HttpStatusCode> PatchAsync(string etag, string owner)
    {
        using var request = new HttpRequestMessage(HttpMethod.Patch, $"/v1/models/{model}") { Content = JsonContent.Create(new { owner }) };
        request.Headers.TryAddWithoutValidation("If-Match", etag);
        using var response = await api.SendAsync(request);
        return response.StatusCode;
    }
}
