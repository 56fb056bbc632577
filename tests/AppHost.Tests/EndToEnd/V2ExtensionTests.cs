using System.Globalization;
using System.IO.Compression;
using System.Net;
using System.Net.Http.Headers;
using System.Runtime.InteropServices;
using System.Text;
using System.Text.Json;

namespace Platform.AppHost.Tests.EndToEnd;

/// <summary>What V2 clients call beside inference, and how answers travel, over REST.</summary>
public sealed class V2ExtensionTests(SharedPlatform shared)
{
    private readonly HttpClient api = shared.Platform.Api;
    private readonly string model = $"m-{Guid.NewGuid():n}";

    [Theory]
    [InlineData("/v2")]
    [InlineData("/v2/")]
    public async Task Server_ListsExactlyWhatWorks(string path)
    {
        var server = await api.SendJsonAsync(HttpMethod.Get, path, null);

        Assert.Equal("platform", server.GetProperty("name").GetString());
        Assert.Equal(
            ["binary_tensor_data", "classification", "model_configuration", "model_repository", "parameters", "schedule_policy", "statistics"],
            server.GetProperty("extensions").EnumerateArray().Select(extension => extension.GetString()).Order(StringComparer.Ordinal));
    }

    [Theory]
    [InlineData("GET", "/v2/models/any/infer", 405, "Method Not Allowed")]
    [InlineData("GET", "/v2/nowhere", 404, "Not Found")]
    [InlineData("POST", "/v2/repository/other/models/any/load", 501, "There is one repository")]
    [InlineData("POST", "/v2/repository/models/nobody/load", 500, "failed to load 'nobody', failed to poll from model repository")]
    [InlineData("POST", "/v2/repository/models/nobody/unload", 404, "Request for unknown model: 'nobody' is not found")]
    [InlineData("GET", "/v2/models/nobody/config", 404, "Request for unknown model: 'nobody' is not found")]
    [InlineData("GET", "/v2/models/nobody/stats", 404, "Request for unknown model: 'nobody' is not found")]
    public async Task Call_OfWhatIsNotThere_SaysItInTheWordsThatClientsKnow(string method, string path, int status, string text)
    {
        using var response = await api.SendAsync(new HttpRequestMessage(HttpMethod.Parse(method), path));

        Assert.Equal((HttpStatusCode)status, response.StatusCode);
        Assert.Contains(text, await ErrorAsync(response), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Config_SpeaksOfTheVersionInNumbersAndNames()
    {
        await DigitsData.DeployAsync(api, model, "2.0.0", "2.0.0");

        var config = await api.SendJsonAsync(HttpMethod.Get, $"/v2/models/{model}/versions/2.0.0/config", null);

        Assert.Equal((model, 32), (config.GetProperty("name").GetString(), config.GetProperty("max_batch_size").GetInt32()));
        Assert.Equal("[1,28,28]", config.GetProperty("input")[0].GetProperty("dims").GetRawText());
        Assert.Equal("TYPE_FP32", config.GetProperty("input")[0].GetProperty("data_type").GetString());
        Assert.Equal(5_000_000, config.GetProperty("dynamic_batching").GetProperty("default_queue_policy").GetProperty("default_timeout_microseconds").GetInt64());
    }

    [Fact]
    public async Task Statistics_GrowByWhatWasAsked()
    {
        await DigitsData.DeployAsync(api, model, "2.0.0", "2.0.0");
        var before = await StatisticsAsync();
        for (var i = 0; i < 20; i++) await DigitsData.InferAsync(api, model, i, 3);
        var after = await StatisticsAsync();

        Assert.Equal(60, Delta("inference_count"));
        Assert.Equal(20, Delta("execution_count"));
        foreach (var step in (string[])["success", "queue", "compute_input", "compute_infer", "compute_output"]) Assert.Equal(20, Count(after, step) - Count(before, step));
        Assert.Equal(0, Count(after, "fail"));
        Assert.True(after.GetProperty("inference_stats").GetProperty("compute_infer").GetProperty("ns").GetInt64() > 0);
        Assert.True(after.GetProperty("last_inference").GetInt64() > 1_600_000_000_000);
        Assert.Equal(3, after.GetProperty("batch_stats")[0].GetProperty("batch_size").GetInt32());
        Assert.Equal(20, after.GetProperty("batch_stats")[0].GetProperty("compute_infer").GetProperty("count").GetInt64());
        Assert.Equal("CPU", after.GetProperty("memory_usage")[0].GetProperty("type").GetString());

        long Delta(string name) => after.GetProperty(name).GetInt64() - before.GetProperty(name).GetInt64();
    }

    [Fact]
    public async Task Statistics_OfRememberedAnswers_AreHitsAndMisses()
    {
        await DigitsData.RegisterAsync(api, model, "2.0.0", "2.0.0");
        await api.SendJsonAsync(HttpMethod.Post, $"/v1/models/{model}/deploy", new { version = "2.0.0", config = new { cache = new { ttl = "10m" } } });
        foreach (var image in (int[])[0, 1, 0, 0]) await DigitsData.InferAsync(api, model, image, 1);

        var counted = await StatisticsAsync();

        // As Triton counts: an answer from the cache is a success without an inference.
        Assert.Equal((2, 2, 4), (Count(counted, "cache_hit"), Count(counted, "cache_miss"), Count(counted, "success")));
        Assert.Equal(2, counted.GetProperty("inference_count").GetInt64());
        Assert.True(counted.GetProperty("inference_stats").GetProperty("cache_hit").GetProperty("ns").GetInt64() > 0);
    }

    [Fact]
    public async Task Repository_IndexFollowsLoadAndUnload()
    {
        await DigitsData.RegisterAsync(api, model, "1.0.0", "1.0.0");
        Assert.Equal($$"""{"name":"{{model}}"}""", await RowAsync());

        await PostAsync($"/v2/repository/models/{model}/load", null, HttpStatusCode.OK);
        Assert.Equal($$"""{"name":"{{model}}","version":"1.0.0","state":"READY"}""", await RowAsync());
        await PostAsync($"/v2/repository/models/{model}/load", """{"parameters":{"version":"1.0.0"}}""", HttpStatusCode.OK);

        await PostAsync($"/v2/repository/models/{model}/unload", """{"parameters":{"unload_dependents":false}}""", HttpStatusCode.OK);
        Assert.Equal($$"""{"name":"{{model}}","state":"UNAVAILABLE","reason":"unloaded"}""", await RowAsync());
    }

    [Theory]
    [InlineData("load", """{"parameters":{"config":"{}"}}""", 400, "'config' is not supported")]
    [InlineData("load", """{"parameters":{"file:1/model.onnx":"AAAA"}}""", 400, "'file:1/model.onnx' is not supported")]
    [InlineData("load", """{"parameters":{"version":1}}""", 400, "must be a text")]
    [InlineData("load", """{"parameters":{"version":"7.0.0"}}""", 500, "no version is available")]
    [InlineData("load", "{", 400, "failed to parse the request JSON buffer")]
    [InlineData("unload", """{"parameters":{"other":1}}""", 400, "There is no parameter 'other'")]
    public async Task Repository_WhatIsNotDone_IsRefusedWithTheReason(string change, string body, int status, string text)
    {
        await DigitsData.RegisterAsync(api, model, "1.0.0", "1.0.0");

        Assert.Contains(text, await PostAsync($"/v2/repository/models/{model}/{change}", body, (HttpStatusCode)status), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("gzip", "gzip")]
    [InlineData("deflate", "deflate")]
    [InlineData("deflate, gzip;q=0.5", "deflate")]
    [InlineData("br", null)]
    [InlineData("gzip;q=0", null)]
    [InlineData(null, null)]
    public async Task Answer_IsCompressedAsTheClientAsks(string? accepted, string? expected)
    {
        await DigitsData.DeployAsync(api, model, "2.0.0", "2.0.0");
        using var plain = await SendBinaryAsync(null);
        var expectedBody = await plain.Content.ReadAsByteArrayAsync();

        using var response = await SendBinaryAsync(accepted);
        await using var body = await response.Content.ReadAsStreamAsync();
        using var decompressed = new MemoryStream();
        await (expected switch { "gzip" => new GZipStream(body, CompressionMode.Decompress), "deflate" => new ZLibStream(body, CompressionMode.Decompress), _ => body })
            .CopyToAsync(decompressed);

        Assert.Equal(expected, response.Content.Headers.ContentEncoding.SingleOrDefault());
        var header = int.Parse(response.Headers.GetValues("Inference-Header-Content-Length").Single(), CultureInfo.InvariantCulture);
        Assert.Equal(expectedBody[^40..], decompressed.ToArray()[header..]);
    }

    [Fact]
    public async Task RequestInAnUnknownEncoding_IsRefusedWithTheKnownOnes()
    {
        await DigitsData.DeployAsync(api, model, "1.0.0", "1.0.0");
        using var content = new ByteArrayContent([1, 2, 3]);
        content.Headers.ContentEncoding.Add("br");
        using var response = await api.PostAsync($"/v2/models/{model}/infer", content);

        Assert.Equal(HttpStatusCode.UnsupportedMediaType, response.StatusCode);
        Assert.Equal(["gzip", "deflate"], response.Headers.GetValues("Accept-Encoding").SelectMany(value => value.Split(", ")));
    }

    [Fact]
    public async Task Classification_GivesTheLabelOfEachImage()
    {
        await DigitsData.DeployAsync(api, model, "2.0.0", "2.0.0");
        var head = $$"""{"inputs":[{"name":"image","datatype":"FP32","shape":[4,1,28,28],"parameters":{"binary_data_size":{{4 * DigitsData.Pixels * 4}} } }],"outputs":[{"name":"probabilities","parameters":{"classification":1} }]}""";
        using var response = await api.SendAsync(BinaryRequest(head, 4));
        var json = JsonSerializer.Deserialize<JsonElement>(await response.Content.ReadAsStringAsync());

        var classes = json.GetProperty("outputs")[0].GetProperty("data").EnumerateArray().Select(text => int.Parse(text.GetString()!.Split(':')[1], CultureInfo.InvariantCulture));
        Assert.Equal(Enumerable.Range(0, 4).Select(DigitsData.Label), classes);
    }

    private Task<HttpResponseMessage> SendBinaryAsync(string? accepted)
    {
        var request = BinaryRequest(
            $$"""{"inputs":[{"name":"image","datatype":"FP32","shape":[1,1,28,28],"parameters":{"binary_data_size":{{DigitsData.Pixels * 4}} } }],"parameters":{"binary_data_output":true} }""", 1);
        if (accepted is not null) request.Headers.TryAddWithoutValidation("Accept-Encoding", accepted);
        return api.SendAsync(request);
    }

    private HttpRequestMessage BinaryRequest(string head, int images)
    {
        var content = new ByteArrayContent([.. Encoding.UTF8.GetBytes(head), .. MemoryMarshal.AsBytes<float>(DigitsData.Inputs(0, images))]);
        content.Headers.ContentType = new MediaTypeHeaderValue("application/octet-stream");
        content.Headers.Add("Inference-Header-Content-Length", $"{Encoding.UTF8.GetByteCount(head)}");
        return new HttpRequestMessage(HttpMethod.Post, $"/v2/models/{model}/infer") { Content = content };
    }

    private async Task<JsonElement> StatisticsAsync() =>
        (await api.SendJsonAsync(HttpMethod.Get, $"/v2/models/{model}/stats", null)).GetProperty("model_stats").EnumerateArray().Single();

    private static long Count(JsonElement statistics, string step) =>
        statistics.GetProperty("inference_stats").GetProperty(step).GetProperty("count").GetInt64();

    private async Task<string> RowAsync() => (await api.SendJsonAsync(HttpMethod.Post, "/v2/repository/index", null)).EnumerateArray()
        .Single(row => row.GetProperty("name").GetString() == model).GetRawText();

    private async Task<string> PostAsync(string path, string? body, HttpStatusCode expected)
    {
        using var response = await api.PostAsync(path, body is null ? null : new StringContent(body));
        var text = await response.Content.ReadAsStringAsync();
        Assert.True(response.StatusCode == expected, $"{path}: {response.StatusCode}: {text}");
        return text;
    }

    private static async Task<string> ErrorAsync(HttpResponseMessage response) =>
        JsonSerializer.Deserialize<JsonElement>(await response.Content.ReadAsStringAsync()).GetProperty("error").GetString()!;
}
