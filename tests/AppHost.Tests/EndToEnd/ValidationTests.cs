using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;

namespace Platform.AppHost.Tests.EndToEnd;

/// <summary>Gates, datasets and validations through the front door, with the samples that are bad on purpose.</summary>
public sealed class ValidationTests(SharedPlatform shared)
{
    private static readonly object[] Gates = [new { metric = "accuracy", op = ">=", value = 0.95 }, new { metric = "size_bytes", op = "<=", value = 52_428_800 }];
    private readonly HttpClient api = shared.Platform.Api;
    private readonly string model = $"m-{Guid.NewGuid():n}";

    [Fact]
    public async Task Validate_PassesTheGoodVersionAndSaysOfEachBadOneWhatIsWrong()
    {
        await DigitsData.RegisterAsync(api, model, "2.0.0", "2.0.0");
        await DigitsData.RegisterAsync(api, model, "2.1.0", "2.1.0-regressed");
        await DigitsData.RegisterAsync(api, model, "2.3.0", "2.3.0-faulty");
        await api.SendJsonAsync(HttpMethod.Put, $"/v1/models/{model}/gates", new { gates = Gates });
        using (var uploaded = await PutIdxAsync("images", "labels"))
        {
            var text = await uploaded.Content.ReadAsStringAsync();
            Assert.True(uploaded.IsSuccessStatusCode, text);
            Assert.Equal(2000, JsonSerializer.Deserialize<JsonElement>(text).GetProperty("rows").GetInt64());
        }

        var good = await ValidateAsync("2.0.0");
        var regressed = await ValidateAsync("2.1.0");
        var faulty = await ValidateAsync("2.3.0");

        Assert.Equal("passed", good.GetProperty("state").GetString());
        Assert.Equal(0.9835, Accuracy(good), 6);
        Assert.Equal("failed", regressed.GetProperty("state").GetString());
        Assert.Equal(0.6085, Accuracy(regressed), 6);
        Assert.Contains("accuracy is 0.6085", regressed.GetProperty("reason").GetString(), StringComparison.Ordinal);
        Assert.Equal("failed", faulty.GetProperty("state").GetString());
        Assert.StartsWith("zeros_batch_32: ", faulty.GetProperty("reason").GetString(), StringComparison.Ordinal);
        Assert.Equal(["validated", "rejected", "rejected"], [await StageAsync("2.0.0"), await StageAsync("2.1.0"), await StageAsync("2.3.0")]);
        var history = await api.SendJsonAsync(HttpMethod.Get, $"/v1/models/{model}/versions/2.0.0/history", null);
        var step = history.GetProperty("items").EnumerateArray().Last();
        Assert.Equal(good.GetProperty("id").GetString(), step.GetProperty("evidence").GetProperty("reference").GetString());
        var runs = await api.SendJsonAsync(HttpMethod.Get, $"/v1/models/{model}/versions/2.0.0/validations", null);
        Assert.Equal(good.GetProperty("id").GetString(), Assert.Single(runs.GetProperty("items").EnumerateArray()).GetProperty("id").GetString());
    }

    [Fact]
    public async Task Validate_AgainstProduction_MeasuresBothAndHoldsThemTogether()
    {
        await DigitsData.DeployAsync(api, model, "2.0.0", "2.0.0");
        await DigitsData.RegisterAsync(api, model, "2.1.0", "2.1.0-regressed");
        await api.SendJsonAsync(HttpMethod.Put, $"/v1/models/{model}/gates", new { gates = new object[] { new { metric = "accuracy", max_drop = 0.01 } } });
        (await PutIdxAsync("images", "labels")).Dispose();

        var run = await ValidateAsync("2.1.0");

        var gate = run.GetProperty("report").GetProperty("gates")[0];
        Assert.Equal("fail", gate.GetProperty("verdict").GetString());
        Assert.Equal(0.9835, gate.GetProperty("production").GetDouble(), 6);
        Assert.Equal("2.0.0", run.GetProperty("production").GetString());
    }

    [Fact]
    public async Task Approve_ByWhoeverRegistered_IsRefused()
    {
        await DigitsData.RegisterAsync(api, model, "1.0.0", "1.0.0");
        Assert.Equal("passed", (await ValidateAsync("1.0.0")).GetProperty("state").GetString());

        var (status, problem) = await SendAsync("POST", $"/v1/models/{model}/versions/1.0.0/approve", """{"comment":"Good."}""");

        Assert.Equal(HttpStatusCode.Conflict, status);
        Assert.Contains("somebody else", problem.GetProperty("detail").GetString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("PUT", "gates", "{}", "gates")]
    [InlineData("PUT", "gates", """{"gates":[null]}""", "gates[0]")]
    [InlineData("PUT", "gates", """{"gates":[{"metric":"speed"}]}""", "gates[0].metric")]
    [InlineData("PUT", "gates", """{"gates":[{"metric":"accuracy","op":"=","value":1}]}""", "gates[0].op")]
    [InlineData("PUT", "gates", """{"gates":[{"metric":"accuracy","op":">="}]}""", "gates[0].value")]
    [InlineData("PUT", "gates", """{"gates":[{"metric":"accuracy","max_drop":-1}]}""", "gates[0].max_drop")]
    [InlineData("POST", "versions/1.0.0/validate", """{"dataset":"none"}""", "dataset")]
    [InlineData("POST", "versions/1.0.0/validate", """{"data":"none"}""", "data")]
    [InlineData("POST", "versions/1.0.0/approve", "{}", "comment")]
    [InlineData("PUT", "datasets/Upper", """{"inputs":[1],"labels":[1]}""", "name", "application/jsonl")]
    [InlineData("PUT", "datasets/rows?format=idx", """{"inputs":[1],"labels":[1]}""", "format", "application/jsonl")]
    [InlineData("PUT", "datasets/rows", "", "body", "application/jsonl")]
    [InlineData("PUT", "datasets/rows", "{\"inputs\":[1],\"labels\":[1]}\n{\"inputs\":[1]}", "body", "application/jsonl", "row 2: it has no list 'labels'")]
    [InlineData("PUT", "datasets/rows", """{"inputs":[{"name":"x","datatype":"FP32","shape":[1,2],"data":[1]}],"labels":[1]}""", "body", "application/jsonl", "row 1: input 'x' has 1 elements")]
    public async Task Body_ThatIsNotValid_Is400AndNamesTheField(
        string method, string path, string body, string field, string type = "application/json", string detail = "")
    {
        await api.SendJsonAsync(HttpMethod.Post, "/v1/models", new { name = model });
        await api.SendJsonAsync(HttpMethod.Post, $"/v1/models/{model}/versions", new { version = "1.0.0" });

        var (status, problem) = await SendAsync(method, $"/v1/models/{model}/{path}", body, type);

        Assert.Equal(HttpStatusCode.BadRequest, status);
        Assert.Equal(field, problem.GetProperty("errors").EnumerateObject().Single().Name);
        Assert.Contains(detail, problem.GetProperty("detail").GetString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("labels", "labels", "images")]
    [InlineData("images", null, "labels")]
    [InlineData("images", "images", "labels")]
    public async Task Idx_WithWrongParts_NamesThePart(string images, string? labels, string field)
    {
        await api.SendJsonAsync(HttpMethod.Post, "/v1/models", new { name = model });

        using var answer = await PutIdxAsync(images, labels);

        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
        var problem = JsonSerializer.Deserialize<JsonElement>(await answer.Content.ReadAsStringAsync());
        Assert.Equal(field, problem.GetProperty("errors").EnumerateObject().Single().Name);
        var list = await api.SendJsonAsync(HttpMethod.Get, $"/v1/models/{model}/datasets", null);
        Assert.Equal(0, list.GetProperty("items").GetArrayLength());
    }

    [Theory]
    [InlineData("PUT", "datasets/rows", "text/plain", 415)]
    [InlineData("POST", "versions/9.9.9/validate", "application/json", 404)]
    [InlineData("GET", "versions/1.0.0/validations/none", null, 404)]
    [InlineData("GET", "versions/1.0.0/validations/0123456789abcdef0123456789abcdef", null, 404)]
    [InlineData("POST", "versions/1.0.0/validate", "application/json", 409)]
    public async Task Call_ThatCannotBe_SaysSo(string method, string path, string? type, int expected)
    {
        await api.SendJsonAsync(HttpMethod.Post, "/v1/models", new { name = model });
        await api.SendJsonAsync(HttpMethod.Post, $"/v1/models/{model}/versions", new { version = "1.0.0" });

        Assert.Equal((HttpStatusCode)expected, (await SendAsync(method, $"/v1/models/{model}/{path}", type is null ? null : "{}", type ?? "")).Status);
    }

    private async Task<JsonElement> ValidateAsync(string version)
    {
        using var started = await api.PostAsync($"/v1/models/{model}/versions/{version}/validate", null);
        Assert.True(started.StatusCode is HttpStatusCode.Accepted, await started.Content.ReadAsStringAsync());
        JsonElement run = default;
        await Until.TrueAsync(
            async () => (run = await api.SendJsonAsync(HttpMethod.Get, started.Headers.Location!.ToString(), null)).GetProperty("state").GetString() is not "running",
            TimeSpan.FromSeconds(90), $"the validation of {version}");
        return run;
    }

    /// <summary>The samples' files under these parts' names, each as the part that it is called here.</summary>
    private async Task<HttpResponseMessage> PutIdxAsync(string images, string? labels)
    {
        using var form = new MultipartFormDataContent { { await DigitsData.IdxAsync(images), "images", "images.gz" } };
        if (labels is not null) form.Add(await DigitsData.IdxAsync(labels), "labels", "labels.gz");
        return await api.PutAsync($"/v1/models/{model}/datasets/mnist", form);
    }

    private static double Accuracy(JsonElement run) => run.GetProperty("report").GetProperty("figures").GetProperty("accuracy").GetDouble();

    private async Task<string> StageAsync(string version) =>
        (await api.SendJsonAsync(HttpMethod.Get, $"/v1/models/{model}/versions/{version}", null)).GetProperty("stage").GetString()!;

    private async Task<(HttpStatusCode Status, JsonElement Body)> SendAsync(string method, string path, string? body, string type = "application/json")
    {
        using var request = new HttpRequestMessage(HttpMethod.Parse(method), path);
        if (body is not null)
        {
            request.Content = new ByteArrayContent(Encoding.UTF8.GetBytes(body));
            request.Content.Headers.ContentType = new MediaTypeHeaderValue(type);
        }

        using var response = await api.SendAsync(request);
        var text = await response.Content.ReadAsStringAsync();
        return (response.StatusCode, text.Length == 0 ? default : JsonSerializer.Deserialize<JsonElement>(text));
    }
}
