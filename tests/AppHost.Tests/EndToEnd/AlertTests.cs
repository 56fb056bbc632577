using System.Net;
using System.Text.Json;

namespace Platform.AppHost.Tests.EndToEnd;

/// <summary>A model becomes worse, somebody hears of it, silences it, and sees it resolve.</summary>
public sealed class AlertTests(SharedPlatform shared)
{
    private const int Batch = 100;
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(60);
    private readonly HttpClient api = shared.Platform.Api;
    private readonly string model = $"m-{Guid.NewGuid():n}";

    [Fact]
    public async Task Model_ThatBecomesWorse_IsToldToTheWebhookUntilItIsMended()
    {
        await using var receiver = await Webhook.StartAsync();
        var channel = await SendAsync(HttpMethod.Put, $"/v1/channels/{model}", new { type = "webhook", url = receiver.Url, secret = "hush", group_wait = "0s", group_interval = "1s" });
        Assert.DoesNotContain("hush", channel.GetRawText(), StringComparison.Ordinal);
        await SendAsync(HttpMethod.Post, "/v1/alert-rules", new
        {
            name = model, model, metric = "accuracy", op = "<", threshold = 0.9, window = "10m", severity = "critical", channels = new[] { model },
        });
        await DigitsData.DeployAsync(api, model, "2.0.0", "2.0.0");
        await DigitsData.DeployAsync(api, model, "2.1.0", "2.1.0-regressed");
        await LabelAsync(0, 2);

        await Until.TrueAsync(() => Task.FromResult(!receiver.Received.IsEmpty), Limit, "the alert");
        var alert = Assert.Single(await AlertsAsync("firing"));
        Assert.InRange(alert.GetProperty("value").GetDouble(), 0.4, 0.8);
        Assert.Equal("firing", receiver.Received.First().Body.GetProperty("status").GetString());

        var silence = await SendAsync(HttpMethod.Post, "/v1/silences", new
        {
            matchers = new[] { new { name = "model", op = "=", value = model } }, ends_at = TimeProvider.System.GetUtcNow().AddHours(1), comment = "on it",
        });
        var id = silence.GetProperty("id").GetString();
        Assert.Equal(id, Assert.Single(await AlertsAsync("firing")).GetProperty("silenced_by")[0].GetString());
        using (var gone = await api.DeleteAsync($"/v1/silences/{id}")) Assert.Equal(HttpStatusCode.NoContent, gone.StatusCode);

        await SendAsync(HttpMethod.Post, $"/v1/models/{model}/rollback", new { reason = "worse" });
        await LabelAsync(0, DigitsData.Count / Batch);
        await Until.TrueAsync(async () => (await AlertsAsync("resolved")).Length == 1, Limit, "its end");
        await Until.TrueAsync(() => Task.FromResult(receiver.Received.Count == 2), Limit, "word of its end");
        Assert.Equal("resolved", receiver.Received.Last().Body.GetProperty("status").GetString());

        var history = (await SendAsync(HttpMethod.Get, $"/v1/alerts/history?rule={model}", null)).GetProperty("items");
        Assert.Equal(["resolved", "firing"], history.EnumerateArray().Select(one => one.GetProperty("to").GetString()));
        var replay = await SendAsync(HttpMethod.Get, $"/v1/alert-rules/{model}/test", null);
        Assert.True(replay.GetProperty("evaluations").GetInt32() > 1000);
    }

    [Fact]
    public async Task DeployedVersion_HasRulesThatCanBeSwitchedOff()
    {
        await DigitsData.DeployAsync(api, model, "2.0.0", "2.0.0");
        await Until.TrueAsync(async () => (await RulesAsync()).Length >= 4, Limit, "its rules");
        var rule = (await RulesAsync()).First(one => one.GetProperty("kind").GetString() == "absence");
        Assert.True(rule.GetProperty("is_default").GetBoolean());
        var name = rule.GetProperty("name").GetString();
        var off = await SendAsync(HttpMethod.Put, $"/v1/alert-rules/{name}", new { model, version = "2.0.0", kind = "absence", metric = "requests", enabled = false });
        Assert.False(off.GetProperty("enabled").GetBoolean());
        using var gone = await api.DeleteAsync($"/v1/alert-rules/{name}");
        Assert.Equal(HttpStatusCode.NoContent, gone.StatusCode);
        Assert.DoesNotContain(await RulesAsync(), one => one.GetProperty("name").GetString() == name);
    }

    [Fact]
    public async Task Silence_ThatIsChanged_KeepsItsIdOnlyIfThePastStaysAsItWas()
    {
        var now = TimeProvider.System.GetUtcNow();
        object Asked(string value, int hours) => new { matchers = new[] { new { name = "model", op = "=", value } }, ends_at = now.AddHours(hours), comment = "on it" };
        var id = (await SendAsync(HttpMethod.Post, "/v1/silences", Asked(model, 1))).GetProperty("id").GetString();

        var longer = await SendAsync(HttpMethod.Put, $"/v1/silences/{id}", Asked(model, 2));
        Assert.Equal((id, now.AddHours(2)), (longer.GetProperty("id").GetString(), longer.GetProperty("ends_at").GetDateTimeOffset()));

        var other = await SendAsync(HttpMethod.Put, $"/v1/silences/{id}", Asked("another", 2));
        Assert.NotEqual(id, other.GetProperty("id").GetString());
        Assert.Equal("expired", (await SendAsync(HttpMethod.Get, $"/v1/silences/{id}", null)).GetProperty("state").GetString());
        Assert.Equal("active", (await SendAsync(HttpMethod.Get, $"/v1/silences/{other.GetProperty("id").GetString()}", null)).GetProperty("state").GetString());
        using var unknown = await api.PutAsync($"/v1/silences/{Guid.NewGuid()}", System.Net.Http.Json.JsonContent.Create(Asked(model, 1)));
        Assert.Equal(HttpStatusCode.NotFound, unknown.StatusCode);
    }

    private async Task LabelAsync(int first, int batches)
    {
        for (var batch = 0; batch < batches; batch++)
        {
            var begin = first + (batch * Batch);
            using var response = await api.PostAsync($"/v2/models/{model}/infer", DigitsData.Request(begin, Batch));
            Assert.True(response.IsSuccessStatusCode, await response.Content.ReadAsStringAsync());
            var item = new { request_id = response.Headers.GetValues("X-Request-Id").Single(), label = Enumerable.Range(begin, Batch).Select(DigitsData.Label) };
            await SendAsync(HttpMethod.Post, "/v1/feedback", new { items = new[] { item } });
        }
    }

    private async Task<JsonElement[]> AlertsAsync(string state) =>
        [.. (await SendAsync(HttpMethod.Get, $"/v1/alerts?state={state}&model={model}", null)).GetProperty("items").EnumerateArray().Where(one => one.GetProperty("rule").GetString() == model)];

    private async Task<JsonElement[]> RulesAsync() =>
        [.. (await SendAsync(HttpMethod.Get, $"/v1/alert-rules?model={model}", null)).GetProperty("items").EnumerateArray()];

    private Task<JsonElement> SendAsync(HttpMethod method, string path, object? body) => api.SendJsonAsync(method, path, body);
}
