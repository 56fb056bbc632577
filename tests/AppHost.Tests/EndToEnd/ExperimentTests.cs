using System.Net;
using System.Net.Http.Json;
using System.Text.Json;

namespace Platform.AppHost.Tests.EndToEnd;

public sealed class ExperimentTests(SharedPlatform shared)
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(60);
    private readonly HttpClient api = shared.Platform.Api;
    private readonly string model = $"m-{Guid.NewGuid():n}";

    private string Experiments => $"/v1/models/{model}/experiments";

    [Fact]
    public async Task Experiment_ByOutcomesOfCallers_ShipsTheBetterVersionByARollout()
    {
        await DigitsData.DeployAsync(api, model, "1.1.0", "1.1.0");
        await DigitsData.RegisterAsync(api, model, "2.0.0", "2.0.0");
        var begun = await api.SendJsonAsync(HttpMethod.Post, Experiments, Body("clicks", "1.1.0", "2.0.0", "clicked"));
        Assert.Equal(("starting", 58, 116), (Text(begun, "state"), begun.GetProperty("per_arm").GetInt32(), begun.GetProperty("sample_size").GetProperty("total").GetInt32()));
        await UntilAsync("clicks", experiment => Text(experiment, "state") == "running");
        await UntilSplitAsync();

        var arms = new Dictionary<string, string>();
        for (var caller = 0; Text(await GetAsync("clicks"), "state") == "running" && caller < 1_000; caller += 20)
        {
            var items = new List<object>();
            foreach (var key in Enumerable.Range(caller, 20).Select(i => $"caller-{i}"))
            {
                var (id, route, version) = await AskAsync(key, 0);
                arms[key] = route;
                Assert.Equal(route == "arm:treatment" ? "2.0.0" : "1.1.0", version);
                // Eight of ten click at the treatment, three at control.
                items.Add(new { request_id = id, metric = "clicked", value = arms.Count % 10 < (route == "arm:treatment" ? 8 : 3) ? 1 : 0 });
            }

            foreach (var _ in (int[])[1, 2])
                Assert.Equal(20, (await api.SendJsonAsync(HttpMethod.Post, "/v1/feedback", new { items })).GetProperty("accepted").GetInt32());
        }

        var ended = await UntilAsync("clicks", experiment => Text(experiment, "state") == "decided");
        Assert.Equal(("ship_treatment", "treatment_better", "treatment"), (Text(ended, "decision"), Text(ended, "reason"), Text(ended, "winner")));
        var counted = ended.GetProperty("arms").EnumerateArray().ToArray();
        Assert.InRange(counted.Sum(arm => arm.GetProperty("n").GetInt32()), 20, arms.Count);
        Assert.All(counted, arm => Assert.True(arm.GetProperty("n").GetInt32() <= arms.Values.Count(route => route == $"arm:{Text(arm, "name")}")));
        Assert.Equal(EffectByMeans(ended), ended.GetProperty("effect").GetDouble(), 1e-9);
        Assert.True(ended.GetProperty("confidence_interval").GetProperty("low").GetDouble() > 0);
        Assert.True(ended.GetProperty("always_valid_p_value").GetDouble() <= 0.05);
        Assert.False(ended.GetProperty("srm").GetProperty("mismatch").GetBoolean());
        using (var plot = await api.GetAsync($"{Experiments}/clicks/plot.svg"))
        {
            Assert.Equal("image/svg+xml", plot.Content.Headers.ContentType?.MediaType);
            Assert.Contains("<svg", await plot.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        }

        var concluded = await api.SendJsonAsync(HttpMethod.Post, $"{Experiments}/clicks/conclude", new { ship = "treatment" });
        var rollout = await api.SendJsonAsync(HttpMethod.Get, $"/v1/models/{model}/rollouts/{Text(concluded, "rollout")}", null);
        Assert.Equal(("1.1.0", "2.0.0"), (Text(rollout, "from"), Text(rollout, "to")));
        await api.SendJsonAsync(HttpMethod.Post, $"/v1/models/{model}/rollouts/{Text(concluded, "rollout")}/abort", new { reason = "The test is over." });
    }

    [Fact]
    public async Task Experiment_ByLabels_KeepsControlWhenTheNewVersionIsWorse()
    {
        await DigitsData.DeployAsync(api, model, "2.0.0", "2.0.0");
        await DigitsData.RegisterAsync(api, model, "2.1.0", "2.1.0-regressed");
        await api.SendJsonAsync(HttpMethod.Post, Experiments, Body("labels", "2.0.0", "2.1.0", "accuracy"));
        await UntilAsync("labels", experiment => Text(experiment, "state") == "running");
        await UntilSplitAsync();
        var (_, first, _) = await AskAsync("the same caller", 0);

        for (var image = 0; Text(await GetAsync("labels"), "state") == "running" && image < 600; image += 20)
        {
            var items = new List<object>();
            foreach (var index in Enumerable.Range(image, 20)) items.Add(new { request_id = (await AskAsync($"caller-{index}", index)).Id, label = DigitsData.Label(index) });
            if (image == 0) Assert.Equal(first, (await AskAsync("the same caller", 1)).Route);
            await api.SendJsonAsync(HttpMethod.Post, "/v1/feedback", new { items });
        }

        var ended = await UntilAsync("labels", experiment => Text(experiment, "state") == "decided");
        Assert.Equal("keep_control", Text(ended, "decision"));
        Assert.Equal(EffectByMeans(ended), ended.GetProperty("effect").GetDouble(), 1e-9);
        Assert.True(EffectByMeans(ended) < 0);
        // Nobody is sent to the worse one any more, and nothing is to be rolled out.
        await UntilSplitAsync(over: true);
        var concluded = await api.SendJsonAsync(HttpMethod.Post, $"{Experiments}/labels/conclude", new { ship = "control" });
        Assert.Equal("control", Text(concluded, "shipped"));
        Assert.False(concluded.TryGetProperty("rollout", out _));
        var listed = await api.SendJsonAsync(HttpMethod.Get, Experiments, null);
        Assert.Equal("labels", Text(listed.GetProperty("items")[0], "name"));
    }

    [Fact]
    public async Task Stop_GivesTrafficBack()
    {
        await DigitsData.DeployAsync(api, model, "1.1.0", "1.1.0");
        await DigitsData.RegisterAsync(api, model, "2.0.0", "2.0.0");
        await api.SendJsonAsync(HttpMethod.Post, Experiments, Body("short", "1.1.0", "2.0.0", "clicked"));
        await UntilAsync("short", experiment => Text(experiment, "state") == "running");

        var stopped = await api.SendJsonAsync(HttpMethod.Post, $"{Experiments}/short/stop", new { reason = "Enough." });
        using var again = await api.PostAsJsonAsync($"{Experiments}/short/stop", new { reason = "Again." });
        using var unknown = await api.GetAsync($"{Experiments}/other");

        Assert.Equal("stopped", Text(stopped, "state"));
        Assert.Equal((HttpStatusCode.Conflict, HttpStatusCode.NotFound), (again.StatusCode, unknown.StatusCode));
        await UntilSplitAsync(over: true);
    }

    [Theory]
    [InlineData("""{"name":"x","arms":[{"name":"control","version":"1.1.0","weight":50},{"name":"treatment","version":"1.1.0","weight":40}],"metric":{"name":"accuracy","kind":"proportion","direction":"increase"},"minimum_effect":0.01}""", "arms")]
    [InlineData("""{"name":"x","arms":[{"name":"control","version":"1.1.0","weight":50},{"name":"treatment","version":"9.9.9","weight":50}],"metric":{"name":"accuracy","kind":"proportion","direction":"increase"},"minimum_effect":0.01}""", "arms[1].version")]
    [InlineData("""{"name":"x","arms":[{"name":"control","version":"1.1.0","weight":50},{"name":"treatment","version":"1.1.0","weight":50}],"metric":{"name":"accuracy","kind":"proportion","direction":"increase"},"minimum_effect":0}""", "minimum_effect")]
    [InlineData("""{"name":"x","arms":[{"name":"control","version":"1.1.0","weight":50},{"name":"treatment","version":"1.1.0","weight":50}],"metric":{"name":"accuracy","kind":"proportion","direction":"increase"},"minimum_effect":0.01,"power":1}""", "power")]
    [InlineData("""{"name":"x","arms":[{"name":"control","version":"1.1.0","weight":50},{"name":"treatment","version":"1.1.0","weight":50}],"metric":{"name":"accuracy","kind":"proportion","direction":"sideways"},"minimum_effect":0.01}""", "metric.direction")]
    public async Task Begin_WithABadBody_NamesTheField(string body, string field)
    {
        await DigitsData.DeployAsync(api, model, "1.1.0", "1.1.0");
        using var content = new StringContent(body, System.Text.Encoding.UTF8, "application/json");
        using var response = await api.PostAsync(Experiments, content);

        var problem = await response.Content.ReadFromJsonAsync<JsonElement>();
        Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
        Assert.True(problem.GetProperty("errors").TryGetProperty(field, out _), problem.GetRawText());
    }

    [Fact]
    public async Task SampleSize_IsRs()
    {
        var size = await api.SendJsonAsync(
            HttpMethod.Post, "/v1/experiments/sample-size", new { kind = "proportion", baseline = 0.1, minimum_effect = 0.02, alpha = 0.05, power = 0.8, arms = 2 });
        Assert.Equal((3841, 7682, "none"), (size.GetProperty("per_arm").GetInt32(), size.GetProperty("total").GetInt32(), Text(size, "correction")));

        using var refused = await api.PostAsJsonAsync("/v1/experiments/sample-size", new { kind = "proportion", baseline = 0.1, minimum_effect = 0.02, power = 1 });
        Assert.Equal(HttpStatusCode.BadRequest, refused.StatusCode);
    }

    private static object Body(string name, string control, string treatment, string metric) => new
    {
        name,
        arms = new[] { new { name = "control", version = control, weight = 50 }, new { name = "treatment", version = treatment, weight = 50 } },
        unit = "routing_key",
        metric = new { name = metric, kind = "proportion", direction = "increase" },
        alpha = 0.05,
        power = 0.8,
        baseline = 0.5,
        minimum_effect = 0.25,
        max_duration = "1d",
        sequential = true,
    };

    private async Task<(string Id, string Route, string Version)> AskAsync(string key, int image)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, $"/v2/models/{model}/infer") { Content = DigitsData.Request(image, 1) };
        request.Headers.Add("X-Routing-Key", key);
        using var response = await api.SendAsync(request);
        Assert.True(response.IsSuccessStatusCode, await response.Content.ReadAsStringAsync());
        return (Header(response, "X-Request-Id"), Header(response, "X-Route"), Header(response, "X-Model-Version"));
    }

    /// <summary>Waits until the front door follows the plan that the experiment asked for.</summary>
    private Task UntilSplitAsync(bool over = false) => Until.TrueAsync(
        async () => (await AskAsync("whoever looks", 0)).Route.StartsWith("arm:", StringComparison.Ordinal) != over, Limit, "the front door to follow");

    private Task<JsonElement> GetAsync(string name) => api.SendJsonAsync(HttpMethod.Get, $"{Experiments}/{name}", null);

    private async Task<JsonElement> UntilAsync(string name, Func<JsonElement, bool> holds)
    {
        var experiment = default(JsonElement);
        await Until.TrueAsync(async () => holds(experiment = await GetAsync(name)), Limit, $"experiment {name}; it is {experiment}");
        return experiment;
    }

    private static double EffectByMeans(JsonElement experiment)
    {
        var means = experiment.GetProperty("arms").EnumerateArray().ToDictionary(arm => Text(arm, "name")!, arm => arm.GetProperty("mean").GetDouble());
        return means["treatment"] - means["control"];
    }

    private static string? Text(JsonElement json, string name) => json.GetProperty(name).GetString();

    private static string Header(HttpResponseMessage response, string name) => response.Headers.GetValues(name).Single();
}
