using System.Net;
using System.Net.Http.Json;
using System.Text.Json;

namespace Platform.AppHost.Tests.EndToEnd;

/// <summary>Gray releases through the front door, with the samples that are good and bad on purpose.</summary>
public sealed class RolloutTests(SharedPlatform shared)
{
    private readonly HttpClient api = shared.Platform.Api;
    private readonly string model = $"m-{Guid.NewGuid():n}";

    private async Task<string> BeginAsync(string stable, string canary, object body)
    {
        await DigitsData.DeployAsync(api, model, stable, stable);
        await DigitsData.RegisterAsync(api, model, canary.Split('-')[0], canary);
        return (await RolloutLoad.BeginAsync(api, model, body)).GetProperty("id").GetString()!;
    }

    private static object Canary(string to, object metric, bool promote = false, string hold = "5m") => new
    {
        to,
        strategy = "canary",
        steps = new[] { new { weight = 30, hold } },
        analysis = new { min_requests = 30, metrics = new[] { metric } },
        auto_promote = promote,
    };

    private async Task AssertProductionAsync(string version) =>
        Assert.Equal(version, (await api.SendJsonAsync(HttpMethod.Get, $"/v1/models/{model}", null)).GetProperty("production").GetString());

    [Fact]
    public async Task Faulty_UnderBatchedTraffic_IsRolledBackByErrors()
    {
        var id = await BeginAsync("2.0.0", "2.3.0-faulty", Canary("2.3.0", new { name = "error_rate", max_ratio_to_stable = 1 }));
        await using var load = await RolloutLoad.StartAsync(shared.Platform, model, items: 4);

        var rollout = await RolloutLoad.UntilAsync(api, model, id, "rolled_back");

        Assert.Equal("canary_worse", rollout.GetProperty("reason").GetString());
        var measured = Assert.Single(rollout.GetProperty("measurements").EnumerateArray());
        Assert.Equal("fail", measured.GetProperty("verdict").GetString());
        Assert.True(measured.GetProperty("canary").GetDouble() > measured.GetProperty("stable").GetDouble());
        Assert.Contains(load.Answers, answer => answer.Status != 200);
        // Only the broken version itself failed anyone: neither its beginning nor its end did.
        Assert.All(load.Answers.Where(answer => answer.Status != 200), answer => Assert.Equal("canary", answer.Route));
        await AssertProductionAsync("2.0.0");
    }

    [Fact]
    public async Task Slow_IsRolledBackByLatency()
    {
        var id = await BeginAsync("2.0.0", "2.2.0-slow", Canary("2.2.0", new { name = "latency_p50_ms", max_ratio_to_stable = 1.5 }));
        await using var load = await RolloutLoad.StartAsync(shared.Platform, model, callers: 2, items: 48);

        var rollout = await RolloutLoad.UntilAsync(api, model, id, "rolled_back");

        Assert.Equal("canary_worse", rollout.GetProperty("reason").GetString());
        Assert.True(Assert.Single(rollout.GetProperty("measurements").EnumerateArray()).GetProperty("threshold").GetDouble() > 0);
        Assert.All(load.Answers, answer => Assert.Equal(200, answer.Status));
        await AssertProductionAsync("2.0.0");
    }

    [Theory]
    [InlineData("accuracy", """{"name":"accuracy","max_drop":0.05}"""), InlineData("f1", """{"name":"f1","max_drop":0.1}""")]
    [InlineData("recall", """{"name":"recall","min":0.8}""")]
    public async Task Regressed_IsRolledBackByLabels(string metric, string guardrail)
    {
        var id = await BeginAsync("2.0.0", "2.1.0-regressed", Canary("2.1.0", JsonSerializer.Deserialize<JsonElement>(guardrail)));
        await using var load = await RolloutLoad.StartAsync(shared.Platform, model, labels: true);

        var rollout = await RolloutLoad.UntilAsync(api, model, id, "rolled_back");

        Assert.Equal("canary_worse", rollout.GetProperty("reason").GetString());
        var measured = Assert.Single(rollout.GetProperty("measurements").EnumerateArray());
        var (canary, stable) = (measured.GetProperty("canary").GetDouble(), measured.GetProperty("stable").GetDouble());
        Assert.True(canary < stable - 0.05, measured.ToString());
        // Which class it was says itself; the whole has none.
        Assert.Equal(metric != "accuracy", measured.TryGetProperty("class", out var name) && name.ValueKind is JsonValueKind.String);
        Assert.All(load.Answers, answer => Assert.Equal(200, answer.Status));
    }

    [Fact]
    public async Task OutputDrift_OfAVersionThatAnswersOtherwise_IsRolledBackWithoutLabels()
    {
        // Testers who ask of nothing but sevens make the new version answer otherwise than stable does.
        var id = await BeginAsync("1.1.0", "2.0.0", new
        {
            to = "2.0.0",
            steps = new[] { new { weight = 0, hold = "5m" } },
            rules = new object[] { new { header = "X-Group", equals = "testers" } },
            analysis = new { min_requests = 30, metrics = new[] { new { name = "output_drift", max = 0.1 } } },
        });
        await using var load = await RolloutLoad.StartAsync(shared.Platform, model, callers: 1);
        using var stopping = new CancellationTokenSource();
        var testers = AskAsTestersAsync(stopping.Token);

        var rollout = await RolloutLoad.UntilAsync(api, model, id, "rolled_back");
        await stopping.CancelAsync();
        await testers;

        var measured = Assert.Single(rollout.GetProperty("measurements").EnumerateArray());
        Assert.Equal(("fail", "7"), (measured.GetProperty("verdict").GetString(), measured.GetProperty("class").GetString()));
        Assert.True(measured.GetProperty("canary").GetDouble() > measured.GetProperty("stable").GetDouble() + 0.5, measured.ToString());
    }

    [Fact]
    public async Task Healthy_IsPromoted_AndNobodyNotices()
    {
        var id = await BeginAsync("1.1.0", "2.0.0", new
        {
            to = "2.0.0",
            steps = new object[] { new { weight = 20, hold = "2s" }, new { weight = 50, hold = "2s" }, new { weight = 100 } },
            analysis = new { min_requests = 30, metrics = new object[] { new { name = "error_rate", max = 0.05 }, new { name = "error_rate", max_ratio_to_stable = 1 } } },
            auto_promote = true,
            keep_previous = "1s",
        });
        await using var load = await RolloutLoad.StartAsync(shared.Platform, model);

        var rollout = await RolloutLoad.UntilAsync(api, model, id, "succeeded");

        await AssertProductionAsync("2.0.0");
        Assert.Equal([0, 20, 50, 100, 100, 100], rollout.GetProperty("timeline").EnumerateArray().Select(change => (int)change.GetProperty("weight").GetDouble()));
        var moves = (await api.SendJsonAsync(HttpMethod.Get, $"/v1/models/{model}/history", null)).ToString();
        Assert.Contains(id, moves, StringComparison.Ordinal);
        await Until.TrueAsync(
            async () => !(await api.SendJsonAsync(HttpMethod.Get, $"/v1/models/{model}", null)).GetProperty("deployed").EnumerateArray().Any(version => version.GetString() == "1.1.0"),
            TimeSpan.FromSeconds(20), "the old version to be unloaded");
        Assert.All(load.Answers, answer => Assert.Equal(200, answer.Status));
        Assert.Contains(load.Answers, answer => answer is { Version: "2.0.0", Route: "canary" });
        Assert.Contains("<svg", await api.GetStringAsync($"/v1/models/{model}/rollouts/{id}/plot.svg"), StringComparison.Ordinal);
        var events = await api.GetStringAsync($"/v1/models/{model}/rollouts/{id}/events");
        Assert.Equal(rollout.GetProperty("timeline").GetArrayLength(), events.Split("event: change").Length - 1);
    }

    [Fact]
    public async Task Shadow_IsComparedAndNeverSeen()
    {
        var id = await BeginAsync("2.0.0", "2.1.0-regressed", new
        {
            to = "2.1.0",
            strategy = "shadow",
            steps = new[] { new { weight = 100, hold = "5m" } },
            analysis = new { min_requests = 30, metrics = new[] { new { name = "agreement", min = 0.95 } } },
        });
        await using var load = await RolloutLoad.StartAsync(shared.Platform, model);

        var rollout = await RolloutLoad.UntilAsync(api, model, id, "rolled_back");

        var shadow = rollout.GetProperty("shadow");
        Assert.InRange(shadow.GetProperty("agreement").GetDouble(), 0.3, 0.9);
        Assert.True(shadow.GetProperty("mean_absolute_difference").GetDouble() > 0);
        Assert.All(load.Answers, answer => Assert.Equal((200, "2.0.0", "stable"), (answer.Status, answer.Version, answer.Route)));
    }

    [Fact]
    public async Task Shadow_ThatFails_FailsNobody()
    {
        var id = await BeginAsync("2.0.0", "2.3.0-faulty", new
        {
            to = "2.3.0",
            strategy = "shadow",
            steps = new[] { new { weight = 100, hold = "5m" } },
            analysis = new { metrics = new[] { new { name = "error_rate", max_ratio_to_stable = 1 } } },
        });
        await using var load = await RolloutLoad.StartAsync(shared.Platform, model, items: 4);

        var rollout = await RolloutLoad.UntilAsync(api, model, id, "rolled_back");

        Assert.Equal("canary_worse", rollout.GetProperty("reason").GetString());
        Assert.All(load.Answers, answer => Assert.Equal((200, "2.0.0", "stable"), (answer.Status, answer.Version, answer.Route)));
    }

    [Fact]
    public async Task BlueGreen_SwitchesAtOnce_AndTheOldOneStaysWarm()
    {
        var id = await BeginAsync("1.1.0", "2.0.0", new
        {
            to = "2.0.0",
            strategy = "blue_green",
            steps = new[] { new { weight = 100, hold = "2s" } },
            analysis = new { min_requests = 30, metrics = new[] { new { name = "error_rate", max = 0.05 } } },
            auto_promote = true,
            keep_previous = "1h",
        });
        await using var load = await RolloutLoad.StartAsync(shared.Platform, model);

        var rollout = await RolloutLoad.UntilAsync(api, model, id, "succeeded");

        await AssertProductionAsync("2.0.0");
        Assert.Equal([0, 100, 100, 100], rollout.GetProperty("timeline").EnumerateArray().Select(change => (int)change.GetProperty("weight").GetDouble()));
        var answers = load.Answers.ToArray();
        // At once: no request that began after the first answer of the new version was answered by the old one.
        var switched = answers.Where(answer => answer.Version == "2.0.0").Min(answer => answer.Ended);
        Assert.All(answers.Where(answer => answer.Version == "1.1.0"), answer => Assert.True(answer.Started < switched));
        Assert.Contains(answers, answer => answer.Version == "1.1.0");
        // Both are loaded, so that the way back takes no loading.
        var deployed = (await api.SendJsonAsync(HttpMethod.Get, $"/v1/models/{model}", null)).GetProperty("deployed").EnumerateArray().Select(version => version.GetString());
        Assert.Equal(["1.1.0", "2.0.0"], deployed.Order());
        var back = await api.SendJsonAsync(HttpMethod.Post, $"/v1/models/{model}/rollback", new { reason = "A second thought." });
        Assert.Equal("1.1.0", back.GetProperty("to").GetString());
        await AssertProductionAsync("1.1.0");
        Assert.All(load.Answers, answer => Assert.Equal(200, answer.Status));
    }

    [Theory]
    [InlineData("acuracy", "Did you mean accuracy?"), InlineData("clicks", "custom:clicks")]
    public async Task AMetricThatThereIsNot_IsRefused_AndADeclaredOneIsNot(string name, string says)
    {
        await DigitsData.DeployAsync(api, model, "1.1.0", "1.1.0");
        await DigitsData.RegisterAsync(api, model, "2.0.0", "2.0.0");
        using var refused = await api.PostAsJsonAsync($"/v1/models/{model}/rollouts", Canary("2.0.0", new { name, min = 0.5 }));
        Assert.Equal(HttpStatusCode.BadRequest, refused.StatusCode);
        var problem = await refused.Content.ReadAsStringAsync();
        Assert.Contains(says, problem, StringComparison.Ordinal);
        Assert.Contains("analysis.metrics[0].name", problem, StringComparison.Ordinal);

        var begun = await RolloutLoad.BeginAsync(api, model, Canary("2.0.0", new { name = $"custom:{name}", min = 0.5 }));
        await api.SendJsonAsync(HttpMethod.Post, $"/v1/models/{model}/rollouts/{begun.GetProperty("id").GetString()}/abort", new { reason = "Seen." });
    }

    [Fact]
    public async Task Person_PausesResumesAndAborts_AndASecondRolloutIsRefused()
    {
        var id = await BeginAsync("1.1.0", "2.0.0", Canary("2.0.0", new { name = "error_rate", max = 0.05 }));
        await RolloutLoad.UntilAsync(api, model, id, "progressing");
        using (var second = await api.PostAsJsonAsync($"/v1/models/{model}/rollouts", Canary("2.0.0", new { name = "error_rate", max = 0.05 })))
            Assert.Equal(HttpStatusCode.Conflict, second.StatusCode);
        using (var deployed = await api.PostAsJsonAsync($"/v1/models/{model}/deploy", new { version = "2.0.0" }))
            Assert.Equal(HttpStatusCode.Conflict, deployed.StatusCode);

        foreach (var (command, state) in (IEnumerable<(string, string)>)[("pause", "paused"), ("resume", "progressing"), ("abort", "aborting")])
        {
            var told = await api.SendJsonAsync(HttpMethod.Post, $"/v1/models/{model}/rollouts/{id}/{command}", new { reason = $"to {command}" });
            Assert.Equal(state, told.GetProperty("state").GetString());
            var last = told.GetProperty("timeline").EnumerateArray().Last();
            Assert.Equal($"to {command}", last.GetProperty("detail").GetString());
            Assert.NotEqual("platform", last.GetProperty("by").GetString());
        }

        await RolloutLoad.UntilAsync(api, model, id, "rolled_back");
        using var again = await api.PostAsJsonAsync($"/v1/models/{model}/rollouts/{id}/promote", new { reason = "too late" });
        Assert.Equal(HttpStatusCode.Conflict, again.StatusCode);
        await AssertProductionAsync("1.1.0");
    }

    [Fact]
    public async Task RoutingKey_StaysOnItsArm_AndATesterComesFirst()
    {
        var id = await BeginAsync("1.1.0", "2.0.0", new
        {
            to = "2.0.0",
            steps = new[] { new { weight = 50, hold = "5m" } },
            rules = new object[] { new { header = "X-Group", equals = "testers" }, new { keys = new[] { "ann@example.com" } } },
        });
        await RolloutLoad.UntilAsync(api, model, id, "progressing");
        await Until.TrueAsync(async () => await RouteAsync("k", "testers") == "canary", TimeSpan.FromSeconds(10), "the Api to follow the plan");

        Assert.Equal("canary", await RouteAsync("ann@example.com", null));
        var routes = new Dictionary<string, string>();
        for (var key = 0; key < 30; key++) routes[$"user-{key}"] = await RouteAsync($"user-{key}", null);
        foreach (var (key, route) in routes) Assert.Equal(route, await RouteAsync(key, null));
        Assert.Equal(["canary", "stable"], routes.Values.Distinct().Order());
        Assert.DoesNotContain("ann@", (await api.SendJsonAsync(HttpMethod.Get, $"/v1/models/{model}/rollouts/{id}", null)).ToString(), StringComparison.Ordinal);
        await api.SendJsonAsync(HttpMethod.Post, $"/v1/models/{model}/rollouts/{id}/abort", new { reason = "seen enough" });
    }

    [Theory]
    [InlineData("""{"to":"2.0.0"}""", "steps", 400)]
    [InlineData("""{"to":"2.0.0","steps":[{"weight":120}]}""", "steps[0].weight", 400)]
    [InlineData("""{"to":"9.9.9","steps":[{"weight":10}]}""", "to", 404)]
    [InlineData("""{"to":"2.0.0","steps":[{"weight":10}],"analysis":{"metrics":[{"name":"error_rate","max":7}]}}""", "analysis.metrics[0].max", 400)]
    [InlineData("""{"to":"2.0.0","stepz":[]}""", "stepz", 400)]
    public async Task BadBody_NamesTheField(string body, string field, int status)
    {
        await DigitsData.DeployAsync(api, model, "1.1.0", "1.1.0");
        await DigitsData.RegisterAsync(api, model, "2.0.0", "2.0.0");
        using var content = new StringContent(body, System.Text.Encoding.UTF8, "application/json");
        using var response = await api.PostAsync($"/v1/models/{model}/rollouts", content);
        Assert.Equal(status, (int)response.StatusCode);
        Assert.Contains(field, await response.Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }

    private async Task AskAsTestersAsync(CancellationToken stopping)
    {
        while (!stopping.IsCancellationRequested) await RouteAsync("a tester", "testers");
    }

    private async Task<string> RouteAsync(string key, string? group)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, $"/v2/models/{model}/infer") { Content = DigitsData.Request(0, 1) };
        request.Headers.Add("X-Routing-Key", key);
        if (group is not null) request.Headers.Add("X-Group", group);
        using var response = await api.SendAsync(request);
        return response.Headers.GetValues("X-Route").Single();
    }
}
