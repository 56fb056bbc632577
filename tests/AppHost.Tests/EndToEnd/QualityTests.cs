using System.Net;
using System.Net.Http.Json;
using System.Text.Json;

namespace Platform.AppHost.Tests.EndToEnd;

public sealed class QualityTests(SharedPlatform shared)
{
    private const int Batch = 100;
    private readonly HttpClient api = shared.Platform.Api;
    private readonly string model = $"m-{Guid.NewGuid():n}";

    [Fact]
    public async Task Labels_GiveTheAccuracyOfEachVersion_WithCoverage()
    {
        await DigitsData.DeployAsync(api, model, "2.0.0", "2.0.0");
        await DigitsData.DeployAsync(api, model, "2.1.0", "2.1.0-regressed");

        await LabelAsync("2.0.0", DigitsData.Count);
        await LabelAsync("2.1.0", DigitsData.Count / 2);
        // Predictions without a label are written a moment after their answers.
        foreach (var version in (string[])["2.0.0", "2.1.0"])
            await Until.TrueAsync(async () => Number(await QualityAsync(version), "predictions") >= DigitsData.Count, TimeSpan.FromSeconds(30), $"all predictions of {version}");

        var good = await QualityAsync("2.0.0");
        Assert.Equal((2000, 2000, 1.0), (Number(good, "predictions"), Number(good, "labelled"), Number(good, "coverage")));
        Assert.Equal(0.9835, Number(good, "accuracy"), 1e-9);
        Assert.InRange(Number(good, "f1"), 0.98, 0.99);
        Assert.Equal(0, Number(good, "nan_rate"));
        Assert.Equal(2000, good.GetProperty("confusion").EnumerateArray().Sum(row => row.EnumerateArray().Sum(cell => cell.GetInt64())));
        // Its probabilities agree with its labels, so its quality could be told without them.
        Assert.Equal("estimated", good.GetProperty("estimate").GetProperty("status").GetString());
        Assert.InRange(Number(good.GetProperty("estimate"), "accuracy"), 0.96, 1);

        var bad = await QualityAsync("2.1.0");
        Assert.Equal((2000, 1000, 0.5), (Number(bad, "predictions"), Number(bad, "labelled"), Number(bad, "coverage")));
        Assert.InRange(Number(bad, "accuracy"), 0.57, 0.65);
        Assert.Equal(Number(bad, "accuracy") / 2, Number(bad.GetProperty("bounds"), "low"), 1e-9);
        Assert.Equal(("cannot_estimate", "calibration_poor"), (Text(bad.GetProperty("estimate"), "status"), Text(bad.GetProperty("estimate"), "reason")));
    }

    [Fact]
    public async Task Feedback_IsCountedOnceAndAmended()
    {
        await DigitsData.DeployAsync(api, model, "2.0.0", "2.0.0");
        var id = await AskAsync(null, 0, 1);

        foreach (var label in (int[])[9, 9, DigitsData.Label(0)]) Assert.Equal((1, 0), await FeedbackAsync(new { request_id = id, label }));
        Assert.Equal((0, 1), await FeedbackAsync(new { request_id = $"{model}-unknown", label = 1 }));
        Assert.Equal((1, 0), await FeedbackAsync(new { request_id = id, metric = "conversion", value = 2.5 }));

        var quality = await QualityAsync(null);
        Assert.Equal((1, 1, 1.0), (Number(quality, "predictions"), Number(quality, "labelled"), Number(quality, "accuracy")));
        Assert.Equal(2.5, Number(quality.GetProperty("metrics").GetProperty("conversion"), "mean"));
    }

    [Theory]
    [InlineData("""{}""", "items")]
    [InlineData("""{"items":[{"label":1}]}""", "items[0].request_id")]
    [InlineData("""{"items":[{"request_id":"r","label":"seven"}]}""", "items[0].label")]
    [InlineData("""{"items":[{"request_id":"r","labell":1}]}""", "items[0].labell")]
    public async Task Feedback_ThatCannotBe_NamesTheField(string body, string field)
    {
        using var content = new StringContent(body, System.Text.Encoding.UTF8, "application/json");
        using var response = await api.PostAsync("/v1/feedback", content);

        var problem = await response.Content.ReadFromJsonAsync<JsonElement>();
        Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
        Assert.True(problem.GetProperty("errors").TryGetProperty(field, out _), problem.GetRawText());
    }

    [Fact]
    public async Task Config_ThatDoesNotFitTheModel_IsRefusedByName()
    {
        await DigitsData.RegisterAsync(api, model, "2.0.0", "2.0.0");

        using var response = await api.PostAsJsonAsync(
            $"/v1/models/{model}/deploy", new { version = "2.0.0", config = new { feedback = new { output = "nothing" } } });

        var problem = await response.Content.ReadFromJsonAsync<JsonElement>();
        Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
        Assert.True(problem.GetProperty("errors").TryGetProperty("config.feedback.output", out _), problem.GetRawText());
    }

    /// <summary>Sends all images to a version and the labels of the first of them.</summary>
    private async Task LabelAsync(string version, int labelled)
    {
        for (var first = 0; first < DigitsData.Count; first += Batch)
        {
            var id = await AskAsync(version, first, Batch);
            if (first >= labelled) continue;
            Assert.Equal((1, 0), await FeedbackAsync(new { request_id = id, label = Enumerable.Range(first, Batch).Select(DigitsData.Label) }));
        }
    }

    private async Task<string> AskAsync(string? version, int first, int count)
    {
        var path = version is null ? $"/v2/models/{model}/infer" : $"/v2/models/{model}/versions/{version}/infer";
        using var response = await api.PostAsync(path, DigitsData.Request(first, count));
        Assert.True(response.IsSuccessStatusCode, await response.Content.ReadAsStringAsync());
        Assert.False(response.Headers.Contains("X-Predictions"));
        return response.Headers.GetValues("X-Request-Id").Single();
    }

    private async Task<(int Accepted, int Unmatched)> FeedbackAsync(object item)
    {
        var result = await api.SendJsonAsync(HttpMethod.Post, "/v1/feedback", new { items = new[] { item } });
        return (result.GetProperty("accepted").GetInt32(), result.GetProperty("unmatched").GetInt32());
    }

    private Task<JsonElement> QualityAsync(string? version) =>
        api.SendJsonAsync(HttpMethod.Get, $"/v1/models/{model}/quality?window=1h{(version is null ? "" : $"&version={version}")}", null);

    private static double Number(JsonElement json, string name) => json.GetProperty(name).GetDouble();

    private static string? Text(JsonElement json, string name) => json.GetProperty(name).GetString();
}
