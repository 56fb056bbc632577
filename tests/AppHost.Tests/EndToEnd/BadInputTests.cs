using System.Net;
using System.Text;
using System.Text.Json;

namespace Platform.AppHost.Tests.EndToEnd;

/// <summary>Bad input gets an answer that names the field and the fix, and leaves nothing behind.</summary>
public sealed class BadInputTests(SharedPlatform shared)
{
    private readonly HttpClient api = shared.Platform.Api;
    private readonly string model = $"m-{Guid.NewGuid():n}";

    public static TheoryData<string, string, string, string> BadBodies => new()
    {
        { "POST", "/v1/alert-rules", "{}", "threshold" },
        { "POST", "/v1/alert-rules", """{"name":"Up","model":"m","metric":"error_rate","op":">","threshold":0.1}""", "name" },
        { "POST", "/v1/alert-rules", """{"name":"r","model":"m","metric":"joy","op":">","threshold":0.1}""", "metric" },
        { "POST", "/v1/alert-rules", """{"name":"r","model":"m","metric":"error_rate","op":"~","threshold":0.1}""", "op" },
        { "POST", "/v1/alert-rules", """{"name":"r","model":"m","metric":"error_rate","op":">","threshold":"high"}""", "threshold" },
        { "POST", "/v1/alert-rules", """{"name":"r","model":"m","metric":"error_rate","op":">","threshold":1,"window":"1s"}""", "window" },
        { "POST", "/v1/alert-rules", """{"name":"r","model":"m","metric":"error_rate","op":">","threshold":1,"channels":[null]}""", "channels" },
        { "POST", "/v1/alert-rules", """{"name":"r","model":"m","kind":"burn_rate","objective":1}""", "objective" },
        { "PUT", "/v1/alert-rules/r", """{"name":"s","model":"m","metric":"error_rate","op":">","threshold":1}""", "name" },
        { "POST", "/v1/silences", "{}", "matchers" },
        { "POST", "/v1/silences", """{"matchers":[{"name":"model","op":"=~","value":"("}],"ends_at":"2999-01-01T00:00:00Z"}""", "matchers[0].value" },
        { "POST", "/v1/silences", """{"matchers":[{"name":"model","op":"=","value":"m"}]}""", "ends_at" },
        { "POST", "/v1/silences", """{"matchers":[{"name":"model","value":"m"}],"ends_at":"2999-01-01T00:00:00Z"}""", "matchers[0].op" },
        { "PUT", "/v1/channels/ops", "{}", "type" },
        { "PUT", "/v1/channels/ops", """{"type":"webhook","url":"nowhere"}""", "url" },
        { "PUT", "/v1/channels/ops", """{"type":"webhook","url":"https://hooks.example/x","group_interval":"0s"}""", "group_interval" },
        { "PUT", "/v1/channels/ops", """{"type":"email","email":{"host":"mail.example","from":"a@b.example","to":["nobody"]}}""", "email.to" },
        { "POST", "/v1/models", """{"name":"Upper"}""", "name" },
        { "POST", "/v1/models", """{"name":5}""", "name" },
        { "POST", "/v1/models", "{}", "name" },
        { "POST", "/v1/models", """{"name":"a","nmae":"b"}""", "nmae" },
        { "POST", "/v1/models", """{"name":"a","labels":{"k":7}}""", "labels.k" },
        { "POST", "/v1/models", """{"name":"a","labels":{"k":null}}""", "labels.k" },
        { "PATCH", "/v1/models/MODEL", """{"owner":["me"]}""", "owner" },
        { "POST", "/v1/models/MODEL/versions", """{"version":"1"}""", "version" },
        { "POST", "/v1/models/MODEL/versions", """{"version":"1.0.0","metrics":{"accuracy":"high"}}""", "metrics.accuracy" },
        { "POST", "/v1/models/MODEL/versions", """{"version":"1.0.0","dependencies":[{"version":"1"}]}""", "dependencies[0].name" },
        { "POST", "/v1/models/MODEL/versions", """{"version":"1.0.0","parent":"0.9.0"}""", "parent" },
        { "POST", "/v1/models/MODEL/versions/1.0.1/stage", """{"to":"heaven","reason":"x"}""", "to" },
        { "POST", "/v1/models/MODEL/versions/1.0.1/stage", """{"to":"rejected"}""", "reason" },
        { "POST", "/v1/models/MODEL/deploy", "{}", "version" },
        { "POST", "/v1/models/MODEL/deploy", """{"version":"1.0.1","config":{"device":"tpu"}}""", "config.device" },
        { "POST", "/v1/models/MODEL/deploy", """{"version":"1.0.1","config":{"replicas":0}}""", "config.replicas" },
        { "POST", "/v1/models/MODEL/deploy", """{"version":"1.0.1","config":{"limits":{"timeout":"soon"}}}""", "config.limits.timeout" },
        { "POST", "/v1/models/MODEL/deploy", """{"version":"1.0.1","config":{"limits":{"max_queue":0}}}""", "config.limits.max_queue" },
        { "PUT", "/v1/models/MODEL/tags/best", "{}", "version" },
        { "PUT", "/v1/models/MODEL/tags/best", """{"version":"^7"}""", "version" },
        { "PUT", "/v1/models/MODEL/tags/Best", """{"version":"1.0.1"}""", "tag" },
        { "POST", "/v1/models/MODEL/rollback", "{}", "reason" },
        { "POST", "/v1/models/MODEL/rollback", """{"to":"newest","reason":"x"}""", "to" },
        { "PUT", "/v1/models/MODEL/retention", """{"keep_last":0}""", "keep_last" },
        { "PUT", "/v1/models/MODEL/retention", """{"max_age":30}""", "max_age" },
        { "PUT", "/v1/models/MODEL/retention", """{"max_age":"0s"}""", "max_age" },
        { "PUT", "/v1/models/MODEL/retention", """{"keep_tagged":false}""", "keep_tagged" },
        { "PUT", "/v1/models/MODEL/retention", """{"keep":1}""", "keep" },
        { "POST", "/v1/models/MODEL/cleanup?dry_run=maybe", "{}", "dry_run" },
        { "POST", "/v1/models/MODEL/cleanup", """{"dry_run":"yes"}""", "dry_run" },
        { "POST", "/v1/models/MODEL/rollouts", """{"to":"1.0.1","steps":[null]}""", "steps[0]" },
        { "POST", "/v1/models/MODEL/rollouts", """{"to":"1.0.1","steps":[{"weight":5}],"analysis":{"metrics":[{"max":0.1}]}}""", "analysis.metrics[0].name" },
        { "PUT", "/v1/limits/models/MODEL", """{"requests":{"limit":5}}""", "requests.window" },
        { "POST", "/v1/models/MODEL/cleanup", """{"dryrun":true}""", "dryrun" },
        { "POST", "/v1/models/MODEL/versions", """{"version":"1.0.0","training":{"parameters":{"lr":[1]}}}""", "training.parameters" },
    };

    [Theory]
    [MemberData(nameof(BadBodies))]
    public async Task Body_ThatIsNotValid_Is400AndNamesTheField(string method, string path, string body, string field)
    {
        await api.SendJsonAsync(HttpMethod.Post, "/v1/models", new { name = model });
        await api.SendJsonAsync(HttpMethod.Post, $"/v1/models/{model}/versions", new { version = "1.0.1" });

        var (status, problem) = await SendAsync(method, path, body);

        Assert.Equal(HttpStatusCode.BadRequest, status);
        Assert.Equal(field, problem.GetProperty("errors").EnumerateObject().Single().Name);
        Assert.NotEmpty(problem.GetProperty("detail").GetString()!);
        Assert.NotEmpty(problem.GetProperty("trace_id").GetString()!);
    }

    [Theory]
    [InlineData("{", "application/json", 400)]
    [InlineData("", "application/json", 400)]
    [InlineData("[]", "application/json", 400)]
    [InlineData("name=a", "application/x-www-form-urlencoded", 415)]
    public async Task Body_ThatIsNoJson_IsRefused(string body, string type, int expected)
    {
        await api.SendJsonAsync(HttpMethod.Post, "/v1/models", new { name = model });
        foreach (var path in (string[])["/v1/models", "/v1/models/MODEL/versions", "/v1/models/MODEL/deploy"])
            Assert.Equal((HttpStatusCode)expected, (await SendAsync("POST", path, body, type)).Status);
    }

    [Theory]
    [InlineData("GET", "/v1/models/nobody", 404)]
    [InlineData("DELETE", "/v1/models/nobody", 404)]
    [InlineData("GET", "/v1/models/nobody/versions", 404)]
    [InlineData("GET", "/v1/models/MODEL/versions/1.0.0", 404)]
    [InlineData("GET", "/v1/models/MODEL/versions/1.0.0/artifact", 404)]
    [InlineData("GET", "/v1/models/MODEL/deployments/1", 404)]
    [InlineData("GET", "/v1/nowhere", 404)]
    [InlineData("DELETE", "/v1/workers", 405)]
    [InlineData("GET", "/v1/models?page_size=0", 400)]
    [InlineData("GET", "/v1/models?page_size=many", 400)]
    [InlineData("GET", "/v1/models?page_token=***", 400)]
    [InlineData("GET", "/v1/models/MODEL/versions?stage=gone", 400)]
    [InlineData("GET", "/v1/models?stgae=staged", 400)]
    [InlineData("GET", "/v1/versions?metric.accuracy>=high", 400)]
    [InlineData("GET", "/v1/models/MODEL/versions/newest", 400)]
    [InlineData("GET", "/v1/models/MODEL/versions/@production", 404)]
    [InlineData("GET", "/v1/models/MODEL/compare?versions=1.0.0", 400)]
    [InlineData("GET", "/v1/models/MODEL/compare?versions=1.0.0,2.0.0", 404)]
    [InlineData("GET", "/v1/models/MODEL/compare?versions=1.0.0,2.0.0&window=soon", 400)]
    [InlineData("GET", "/v1/models/nobody/retention", 404)]
    [InlineData("POST", "/v1/models/nobody/cleanup", 404)]
    [InlineData("GET", "/v1/models/MODEL/removed?page_token=abc", 400)]
    public async Task Call_OfWhatIsNotThere_SaysSo(string method, string path, int expected)
    {
        await api.SendJsonAsync(HttpMethod.Post, "/v1/models", new { name = model });

        Assert.Equal((HttpStatusCode)expected, (await SendAsync(method, path, null)).Status);
    }

    [Fact]
    public async Task Artifact_ThatIsNoModel_Is422AndLeavesNothing()
    {
        await api.SendJsonAsync(HttpMethod.Post, "/v1/models", new { name = model });
        await api.SendJsonAsync(HttpMethod.Post, $"/v1/models/{model}/versions", new { version = "1.0.0" });

        foreach (var garbage in (byte[][])[[], "not a model"u8.ToArray(), (await File.ReadAllBytesAsync(DigitsData.ModelPath("1.0.0")))[..5_000]])
            Assert.Equal(HttpStatusCode.UnprocessableEntity, await UploadAsync("1.0.0", garbage));
        var version = await api.SendJsonAsync(HttpMethod.Get, $"/v1/models/{model}/versions/1.0.0", null);

        Assert.False(version.TryGetProperty("artifact", out _));
    }

    [Fact]
    public async Task Artifact_WithAnotherDigestOrTypeOrASecondTime_IsRefused()
    {
        await DigitsData.RegisterAsync(api, model, "1.0.0", "1.0.0");
        var same = await File.ReadAllBytesAsync(DigitsData.ModelPath("1.0.0"));
        var other = await File.ReadAllBytesAsync(DigitsData.ModelPath("1.1.0"));

        Assert.Equal(HttpStatusCode.OK, await UploadAsync("1.0.0", same));
        Assert.Equal(HttpStatusCode.Conflict, await UploadAsync("1.0.0", other));
        Assert.Equal(HttpStatusCode.BadRequest, await UploadAsync("1.0.0", same, digest: $"sha-256=:{Convert.ToBase64String(new byte[32])}:"));
        Assert.Equal(HttpStatusCode.UnsupportedMediaType, await UploadAsync("1.0.0", same, type: "text/plain"));
        Assert.Equal(HttpStatusCode.NotFound, await UploadAsync("9.0.0", same));
    }

    [Theory]
    [InlineData("""{"inputs":[{"name":"image","datatype":"FP32","shape":[1,1,28,29],"data":[0]}]}""", "unexpected shape for input 'image'")]
    [InlineData("""{"inputs":[{"name":"image","datatype":"INT32","shape":[1,1,28,28],"data":[0]}]}""", "data-type is 'INT32'")]
    [InlineData("""{"inputs":[{"name":"picture","datatype":"FP32","shape":[1,1,28,28],"data":[0]}]}""", "'picture'")]
    [InlineData("""{"inputs":[{"name":"image","datatype":"FP32","shape":[1,1,28,28],"data":[0]}]}""", "784")]
    [InlineData("""{"inputs":[]}""", "image")]
    [InlineData("""{"inputs":[{"name":"image","datatype":"FP32","shape":[-1,1,28,28],"data":[0]}]}""", "-1")]
    [InlineData("{", "JSON")]
    public async Task Inference_ThatDoesNotFitTheModel_SaysWhatWasExpected(string body, string expected)
    {
        await DigitsData.DeployAsync(api, model, "1.0.0", "1.0.0");

        var (status, answer) = await SendAsync("POST", "/v2/models/MODEL/infer", body);

        Assert.Equal(HttpStatusCode.BadRequest, status);
        Assert.Contains(expected, answer.GetProperty("error").GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Inference_OfAnUnknownModel_Is404InTheWordsThatClientsKnow()
    {
        var (status, answer) = await SendAsync("POST", "/v2/models/nobody/infer", "{}");

        Assert.Equal(HttpStatusCode.NotFound, status);
        Assert.Contains("Request for unknown model: 'nobody' is not found", answer.GetProperty("error").GetString(), StringComparison.Ordinal);
    }

    private async Task<HttpStatusCode> UploadAsync(
        string version, byte[] bytes, string type = "application/octet-stream", string? digest = null)
    {
        using var content = new ByteArrayContent(bytes);
        content.Headers.ContentType = new(type);
        if (digest is not null) content.Headers.TryAddWithoutValidation("Content-Digest", digest);
        using var response = await api.PutAsync($"/v1/models/{model}/versions/{version}/artifact", content);
        return response.StatusCode;
    }

    private async Task<(HttpStatusCode Status, JsonElement Body)> SendAsync(
        string method, string path, string? body, string type = "application/json")
    {
        using var request = new HttpRequestMessage(HttpMethod.Parse(method), path.Replace("MODEL", model, StringComparison.Ordinal));
        if (body is not null) request.Content = new StringContent(body, Encoding.UTF8, type);
        using var response = await api.SendAsync(request);
        var text = await response.Content.ReadAsStringAsync();
        return (response.StatusCode, text.Length == 0 ? default : JsonSerializer.Deserialize<JsonElement>(text));
    }
}
