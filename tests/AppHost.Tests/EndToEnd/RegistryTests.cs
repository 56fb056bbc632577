using System.Diagnostics;
using System.Net;
using System.Text.Json;

namespace Platform.AppHost.Tests.EndToEnd;

/// <summary>The registry through the front door: search, selectors, comparison, history, rollback, retention.</summary>
public sealed class RegistryTests(SharedPlatform shared)
{
    private readonly HttpClient api = shared.Platform.Api;
    private readonly string model = $"m-{Guid.NewGuid():n}";

    [Theory]
    [InlineData("", "1.0.0 1.1.0 2.0.0")]
    [InlineData("metric.accuracy>=0.97", "1.1.0 2.0.0")]
    [InlineData("metric.accuracy<0.97&metric.accuracy>0.9", "1.0.0")]
    [InlineData("version=^1.0&order_by=version%20desc", "1.1.0 1.0.0")]
    [InlineData("order_by=metric.accuracy", "1.0.0 2.0.0 1.1.0")]
    [InlineData("tag=best", "1.1.0")]
    [InlineData("version=@best", "1.1.0")]
    [InlineData("label=kind:cnn&owner=vision", "2.0.0")]
    [InlineData("query=convolutional", "2.0.0")]
    [InlineData("stage=rejected", "1.0.0")]
    public async Task Search_FindsVersions(string query, string expected)
    {
        await RegisterThreeAsync();

        Assert.Equal(expected, string.Join(' ', await VersionsAsync($"/v1/models/{model}/versions?{query}")));
    }

    [Fact]
    public async Task Search_AcrossModels_FindsVersionsOfAll()
    {
        await RegisterThreeAsync();

        Assert.Equal(["2.0.0", "1.1.0"], await VersionsAsync($"/v1/versions?query={model}&metric.accuracy>=0.97&order_by=version%20desc"));
    }

    [Theory]
    [InlineData("owner=vision", true)]
    [InlineData("metric.accuracy>0.98", true)]
    [InlineData("metric.accuracy>0.99", false)]
    [InlineData("stage=deployed", false)]
    [InlineData("label=team", true)]
    [InlineData("order_by=updated%20desc", true)]
    public async Task Search_FindsModelsByWhatTheirVersionsAre(string query, bool found)
    {
        await RegisterThreeAsync();

        var page = await GetAsync($"/v1/models?query={model}&{query}");

        Assert.Equal(found ? 1 : 0, page.GetProperty("items").GetArrayLength());
        if (found) Assert.Equal(3, page.GetProperty("items")[0].GetProperty("version_count").GetInt32());
    }

    [Fact]
    public async Task Search_Pages_ShowEachVersionOnceInOrder()
    {
        await RegisterThreeAsync();
        var path = $"/v1/models/{model}/versions?order_by=metric.accuracy%20desc&page_size=2";

        var first = await GetAsync(path);
        var second = await GetAsync($"{path}&page_token={first.GetProperty("next_page_token").GetString()}");

        Assert.Equal(["1.1.0", "2.0.0", "1.0.0"], Versions(first).Concat(Versions(second)));
        Assert.Equal(JsonValueKind.Null, second.GetProperty("next_page_token").ValueKind);
    }

    [Fact]
    public async Task Selectors_NameVersions()
    {
        await RegisterThreeAsync();

        Assert.Equal("1.1.0", (await GetAsync($"/v1/models/{model}/versions/^1.0")).GetProperty("version").GetString());
        Assert.Equal("1.1.0", (await GetAsync($"/v1/models/{model}/versions/@best")).GetProperty("version").GetString());
        var tag = await api.SendJsonAsync(HttpMethod.Put, $"/v1/models/{model}/tags/newest", new { version = ">=1.0" });
        Assert.Equal("2.0.0", tag.GetProperty("version").GetString());
    }

    [Fact]
    public async Task Compare_PutsVersionsSideBySide()
    {
        foreach (var version in (string[])["1.0.0", "2.0.0"]) await DigitsData.RegisterAsync(api, model, version, version);
        await RegisterAsync("2.1.0", 0.99);

        var comparison = await GetAsync($"/v1/models/{model}/compare?versions=1.0.0,^2.0,2.0.0&window=15m");

        Assert.Equal(["1.0.0", "2.1.0", "2.0.0"], comparison.GetProperty("versions").EnumerateArray().Select(version => version.GetString()));
        Assert.Equal("15m", comparison.GetProperty("window").GetString());
        var size = comparison.GetProperty("size_bytes").GetProperty("differences");
        Assert.Equal(JsonValueKind.Null, size[1].ValueKind);
        Assert.NotEqual(0, size[2].GetDouble());
        Assert.True(comparison.GetProperty("signatures")[1].GetProperty("drop_in").GetBoolean());
        Assert.False(comparison.TryGetProperty("measured", out _));
    }

    [Fact]
    public async Task Retention_RemovesWhatThePolicyDoesNotKeep()
    {
        await RegisterThreeAsync();
        await RegisterAsync("2.1.0", 0.99);
        var policy = await api.SendJsonAsync(HttpMethod.Put, $"/v1/models/{model}/retention", new { keep_last = 1, max_age = "1ms" });
        Assert.Equal("""{"keep_last":1,"max_age":"1ms","keep_tagged":true}""", policy.GetRawText());

        var dry = await api.SendJsonAsync(HttpMethod.Post, $"/v1/models/{model}/cleanup?dry_run=true", null);
        var before = await VersionsAsync($"/v1/models/{model}/versions");
        var real = await api.SendJsonAsync(HttpMethod.Post, $"/v1/models/{model}/cleanup", null);

        Assert.Equal(4, before.Count());
        Assert.Equal(["2.0.0", "1.0.0"], real.GetProperty("removed").EnumerateArray().Select(verdict => verdict.GetProperty("version").GetString()));
        Assert.Equal(dry.GetProperty("removed").GetRawText(), real.GetProperty("removed").GetRawText());
        Assert.Contains("tagged best", real.GetProperty("kept")[1].GetProperty("why").GetString(), StringComparison.Ordinal);
        Assert.Equal(["1.1.0", "2.1.0"], await VersionsAsync($"/v1/models/{model}/versions"));
        using var gone = await api.GetAsync($"/v1/models/{model}/versions/1.0.0");
        Assert.Equal(HttpStatusCode.NotFound, gone.StatusCode);
        Assert.Contains("was removed at", await gone.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        var tombstone = (await GetAsync($"/v1/models/{model}/removed")).GetProperty("items")[1];
        Assert.Equal("1.0.0", tombstone.GetProperty("version").GetString());
        Assert.Equal("rejected", tombstone.GetProperty("history")[1].GetProperty("to").GetString());
    }

    [Fact]
    public async Task RollBack_UnderLoad_IsQuickAndFailsNobody()
    {
        await DigitsData.DeployAsync(api, model, "1.1.0", "1.1.0");
        await using var load = await Load.StartAsync(shared.Platform, model);
        await DigitsData.DeployAsync(api, model, "2.0.0", "2.0.0");
        await load.UntilAnsweredAsync(50);

        var asked = Stopwatch.GetTimestamp();
        var answer = await api.SendJsonAsync(HttpMethod.Post, $"/v1/models/{model}/rollback", new { reason = "It is slow." });
        var answered = Stopwatch.GetTimestamp();
        await load.UntilAnsweredAsync(100);

        Assert.Equal(("2.0.0", "1.1.0"), (answer.GetProperty("from").GetString(), answer.GetProperty("to").GetString()));
        Assert.InRange(answer.GetProperty("duration_ms").GetDouble(), 0, 1_000);
        Assert.Empty(load.Failures);
        Assert.All(load.Answers.Where(given => given.Started > answered), given => Assert.Equal("1.1.0", given.Version));
        var last = load.Answers.Where(given => given.Version == "2.0.0").Max(given => given.Ended);
        Assert.True(Stopwatch.GetElapsedTime(asked, last) <= TimeSpan.FromSeconds(1), "2.0.0 answered more than a second after the request.");
        var history = await GetAsync($"/v1/models/{model}/history");
        Assert.Equal(
            ["deployment", "deployment", "rollback"],
            history.GetProperty("moves").EnumerateArray().Select(move => move.GetProperty("kind").GetString()));
        var then = history.GetProperty("moves")[1].GetProperty("at").GetString()!;
        var past = await GetAsync($"/v1/models/{model}/history?at={Uri.EscapeDataString(then)}");
        Assert.Equal("2.0.0", past.GetProperty("production").GetProperty("version").GetString());
    }

    private async Task RegisterThreeAsync()
    {
        await api.SendJsonAsync(HttpMethod.Post, "/v1/models", new { name = model, owner = "vision", labels = new { team = "ocr" } });
        await RegisterAsync("1.0.0", 0.96);
        await RegisterAsync("1.1.0", 0.985);
        await RegisterAsync("2.0.0", 0.98, "Convolutional", "cnn");
        await api.SendJsonAsync(HttpMethod.Put, $"/v1/models/{model}/tags/best", new { version = "1.1.0" });
        await api.SendJsonAsync(HttpMethod.Post, $"/v1/models/{model}/versions/1.0.0/stage", new { to = "rejected", reason = "Not accurate." });
    }

    private Task<JsonElement> RegisterAsync(string version, double accuracy, string description = "", string kind = "mlp") => api.SendJsonAsync(
        HttpMethod.Post, $"/v1/models/{model}/versions", new { version, description, metrics = new { accuracy }, labels = new { kind } });

    private Task<JsonElement> GetAsync(string path) => api.SendJsonAsync(HttpMethod.Get, path, null);

    private async Task<IEnumerable<string?>> VersionsAsync(string path) => Versions(await GetAsync(path));

    private static IEnumerable<string?> Versions(JsonElement page) =>
        page.GetProperty("items").EnumerateArray().Select(item => item.GetProperty("version").GetString());
}
