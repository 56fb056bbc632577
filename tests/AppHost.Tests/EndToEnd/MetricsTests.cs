using System.Diagnostics;
using System.Net;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;

namespace Platform.AppHost.Tests.EndToEnd;

/// <summary>What the platform says of the requests that it answered.</summary>
public sealed class MetricsTests(SharedPlatform shared)
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(20);
    private readonly HttpClient api = shared.Platform.Api;
    private readonly string model = $"m-{Guid.NewGuid():n}";

    [Fact]
    public async Task Metrics_AfterSoManyRequests_SayExactlyThatMany()
    {
        await DigitsData.DeployAsync(api, model, "1.0.0", "1.0.0");
        await DigitsData.DeployAsync(api, model, "2.0.0", "2.0.0");
        await Parallel.ForEachAsync(Enumerable.Range(0, 300), new ParallelOptions { MaxDegreeOfParallelism = 8 }, async (i, _) =>
            await DigitsData.InferAsync(api, model, i, 1));
        for (var i = 0; i < 7; i++) await PostAsync($"/v2/models/{model}/versions/1.0.0/infer", DigitsData.Request(i, 2), HttpStatusCode.OK);
        for (var i = 0; i < 5; i++) await PostAsync($"/v2/models/{model}/infer", new StringContent("{}", Encoding.UTF8, "application/json"), HttpStatusCode.BadRequest);

        await UntilAsync(metrics => Sum(metrics, "2.0.0", "requests") == 305 && Sum(metrics, "1.0.0", "requests") == 7);
        await UntilAsync(metrics => metrics.GetProperty("workers").EnumerateArray()
            .Sum(version => version.GetProperty("points").EnumerateArray().Sum(point => point.GetProperty("requests").GetInt64())) == 312);

        var seen = await api.GetFromJsonAsync<JsonElement>($"/v1/models/{model}/metrics?window=5m&step=10s&version=2.x");
        var series = Assert.Single(seen.GetProperty("series").EnumerateArray());
        Assert.Equal(("2.0.0", "stable"), (series.GetProperty("version").GetString(), series.GetProperty("route").GetString()));
        var total = series.GetProperty("total");
        Assert.Equal("""{"invalid":5,"ok":300}""", total.GetProperty("outcomes").GetRawText());
        Assert.Equal((0, 0), (total.GetProperty("errors").GetInt64(), total.GetProperty("error_rate").GetDouble()));
        Assert.InRange(total.GetProperty("latency_p50_ms").GetDouble(), 0.1, total.GetProperty("latency_p99_ms").GetDouble());
        Assert.True(total.GetProperty("bytes_in").GetInt64() > 300 * 784 && total.GetProperty("bytes_out").GetInt64() > 0);
        Assert.True(total.GetProperty("batch_size_mean").GetDouble() >= 1);
        var sizes = Assert.Single(seen.GetProperty("workers").EnumerateArray()).GetProperty("batch_sizes").EnumerateObject();
        Assert.Equal(300, sizes.Sum(size => int.Parse(size.Name, System.Globalization.CultureInfo.InvariantCulture) * size.Value.GetInt64()));
    }

    [Fact]
    public async Task Metrics_WhereNothingWasCounted_AreNullAndNotZero()
    {
        await DigitsData.DeployAsync(api, model, "1.0.0", "1.0.0");
        await DigitsData.InferAsync(api, model, 0, 1);
        await UntilAsync(metrics => Sum(metrics, "1.0.0", "requests") == 1);

        var metrics = await api.GetFromJsonAsync<JsonElement>($"/v1/models/{model}/metrics?window=10m&step=10s");
        var points = metrics.GetProperty("series")[0].GetProperty("points").EnumerateArray().ToArray();

        Assert.Equal(60, points.Length);
        Assert.Equal((0, JsonValueKind.Null, JsonValueKind.Null), (
            points[0].GetProperty("requests").GetInt64(), points[0].GetProperty("latency_p95_ms").ValueKind, points[0].GetProperty("error_rate").ValueKind));
        Assert.Equal(1, points.Count(point => point.GetProperty("latency_p95_ms").ValueKind is JsonValueKind.Number));
    }

    [Theory]
    [InlineData("window=fast", "window")]
    [InlineData("window=40d", "window")]
    [InlineData("window=5m&from=2026-01-01T00:00:00Z", "window")]
    [InlineData("step=0s", "step")]
    [InlineData("window=24h&step=30s", "step")]
    [InlineData("from=yesterday", "from")]
    [InlineData("to=2999-01-01T00:00:00Z", "to")]
    [InlineData("version=newest", "version")]
    public async Task Metrics_BadParameter_IsNamed(string query, string field)
    {
        await api.SendJsonAsync(HttpMethod.Post, "/v1/models", new { name = model });

        using var answer = await api.GetAsync($"/v1/models/{model}/metrics?{query}");

        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
        var problem = await answer.Content.ReadFromJsonAsync<JsonElement>();
        Assert.Equal(field, problem.GetProperty("errors").EnumerateObject().Single().Name);
    }

    [Fact]
    public async Task Metrics_UnknownModelOrNoKey_IsRefused()
    {
        using var nobody = shared.Platform.NewClient(key: null);

        Assert.Equal(HttpStatusCode.NotFound, (await api.GetAsync("/v1/models/nobody-knows-it/metrics")).StatusCode);
        Assert.Equal(HttpStatusCode.Unauthorized, (await nobody.GetAsync($"/v1/models/{model}/metrics")).StatusCode);
        Assert.Equal(HttpStatusCode.Unauthorized, (await nobody.GetAsync("/metrics")).StatusCode);
    }

    [Fact]
    public async Task Workers_TellWhatTheyUse()
    {
        var workers = (await api.GetFromJsonAsync<JsonElement>("/v1/workers")).GetProperty("items").EnumerateArray().ToArray();

        Assert.All(workers, worker =>
        {
            var use = worker.GetProperty("use");
            Assert.InRange(use.GetProperty("cpu_cores").GetDouble(), 0, Environment.ProcessorCount);
            Assert.InRange(use.GetProperty("memory_bytes").GetInt64(), 10_000_000, 100_000_000_000);
            Assert.InRange(use.GetProperty("gc_pause").GetDouble(), 0, 1);
            Assert.True(use.GetProperty("thread_pool_queue").GetInt64() >= 0);
        });
    }

    [Fact]
    public async Task Compare_OfVersionsWithTraffic_HasLiveFiguresAndTheirSignificance()
    {
        await DigitsData.DeployAsync(api, model, "1.0.0", "1.0.0");
        await DigitsData.DeployAsync(api, model, "2.2.0-slow", "2.2.0-slow");
        for (var i = 0; i < 60; i++)
        {
            await PostAsync($"/v2/models/{model}/versions/1.0.0/infer", DigitsData.Request(i, 1), HttpStatusCode.OK);
            await PostAsync($"/v2/models/{model}/versions/2.2.0-slow/infer", DigitsData.Request(i, 1), HttpStatusCode.OK);
        }

        await UntilAsync(metrics => Sum(metrics, "1.0.0", "requests") == 60 && Sum(metrics, "2.2.0-slow", "requests") == 60);

        var compared = await api.GetFromJsonAsync<JsonElement>($"/v1/models/{model}/compare?versions=1.0.0,2.2.0-slow&window=1h");
        JsonElement Find(string list, string name) => compared.GetProperty(list).EnumerateArray().Single(figure => figure.GetProperty("name").GetString() == name);
        Assert.Equal([60, 60], Find("measured", "requests").GetProperty("values").EnumerateArray().Select(value => value.GetInt32()));
        foreach (var name in (string[])["latency_p50_ms", "latency_p95_ms", "latency_p99_ms", "throughput"])
            Assert.All(Find("measured", name).GetProperty("values").EnumerateArray(), value => Assert.True(value.GetDouble() > 0));
        Assert.Equal(60, Find("rates", "error_rate").GetProperty("values")[1].GetProperty("of").GetInt32());
        var slower = Find("rates", "slower_than_first_p95").GetProperty("differences")[1];
        // Which of them a busy machine makes slower is not this test's to say; that it is judged by its counts is.
        Assert.InRange(slower.GetProperty("p_value").GetDouble(), 0, 1);
        Assert.Equal(60, Find("rates", "slower_than_first_p95").GetProperty("values")[1].GetProperty("of").GetInt32());
    }

    private async Task PostAsync(string path, HttpContent body, HttpStatusCode expected)
    {
        using var answer = await api.PostAsync(path, body);
        Assert.Equal(expected, answer.StatusCode);
    }

    private Task UntilAsync(Func<JsonElement, bool> condition) => Until.TrueAsync(
        async () => condition(await api.GetFromJsonAsync<JsonElement>($"/v1/models/{model}/metrics?window=5m&step=10s")), Limit, "the counts to arrive");

    internal static long Sum(JsonElement metrics, string version, string figure) => metrics.GetProperty("series").EnumerateArray()
        .Where(series => series.GetProperty("version").GetString() == version)
        .Sum(series => series.GetProperty("points").EnumerateArray().Sum(point => point.GetProperty(figure).GetInt64()));
}

/// <summary>Counts over the death of Redis; on a platform of its own.</summary>
[Collection(nameof(FailureTests))]
public sealed class MetricsOutageTests
{
    [Fact]
    public async Task Counts_OverAStopAndAKillOfRedis_AreNeitherLostNorDoubled()
    {
        await using var platform = await RunningPlatform.StartAsync();
        await DigitsData.DeployAsync(platform.Api, "digits", "1.0.0", "1.0.0");
        var sent = 0;
        async Task SendAsync(int count)
        {
            for (var i = 0; i < count; i++) await DigitsData.InferAsync(platform.Api, "digits", i, 1);
            sent += count;
        }

        Task UntilCountedAsync() => Until.TrueAsync(
            async () =>
            {
                using var answer = await platform.Api.GetAsync("/v1/models/digits/metrics?window=10m&step=10s");
                if (!answer.IsSuccessStatusCode) return false;
                var counted = MetricsTests.Sum(await answer.Content.ReadFromJsonAsync<JsonElement>(), "1.0.0", "requests");
                Assert.True(counted <= sent, $"{counted} were counted of {sent}");
                return counted == sent;
            },
            TimeSpan.FromSeconds(60), $"{sent} requests to be counted");

        // Stopped in the middle of flushes: answers of some are lost, and come, or not, after it goes on.
        await SendAsync(50);
        var redis = (await platform.ProcessesAsync("redis"))[0];
        Signal(redis, "STOP");
        var stopped = Stopwatch.StartNew();
        await Until.TrueAsync(
            async () =>
            {
                await SendAsync(5);
                return stopped.Elapsed > TimeSpan.FromSeconds(6);
            },
            TimeSpan.FromSeconds(30), "six seconds without Redis");
        Signal(redis, "CONT");
        await SendAsync(20);
        await UntilCountedAsync();

        redis.Kill();
        await SendAsync(100);
        await UntilCountedAsync();
    }

    private static void Signal(Process process, string signal)
    {
        using var kill = Process.Start("kill", [$"-{signal}", $"{process.Id}"]);
        kill.WaitForExit();
    }
}
