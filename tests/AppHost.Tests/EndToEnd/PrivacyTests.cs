using System.Globalization;
using System.Net;
using System.Net.Http.Json;
using System.Runtime.InteropServices;
using System.Text;
using System.Text.Json;
using Platform.Tests;

namespace Platform.AppHost.Tests.EndToEnd;

/// <summary>Marked values go in; afterwards everything that stayed or left is searched for them, and the person is erased.</summary>
public sealed class PrivacyTests
{
    private const string Mark = "MARKED-7c1d5e";
    private static readonly float[] Pixels = [0.7312519f, 0.2718283f, 0.5772157f, 0.8414709f];

    [Fact]
    public async Task MarkedValues_StandNowhere_AndAPersonIsErased()
    {
        await using var collector = await OtlpReceiver.StartAsync();
        await using var platform = await RunningPlatform.StartAsync(
            $"--OTEL_EXPORTER_OTLP_ENDPOINT={collector.Endpoint}", "--OTEL_EXPORTER_OTLP_PROTOCOL=http/protobuf");
        var api = platform.Api;
        await DigitsData.RegisterAsync(api, "digits", "2.0.0", "2.0.0");
        await api.SendJsonAsync(HttpMethod.Post, "/v1/models/digits/deploy", new { version = "2.0.0", config = new { cache = new { ttl = "10m" } } });
        var key = await NewKeyAsync(api);

        var (first, answer) = await AskAsync(api, "person-1", $"{Mark}-person");
        var (anonymous, _) = await AskAsync(api, "anonymous", null);
        await AskAsync(api, "anonymous-again", null);
        var (other, _) = await AskAsync(api, "person-2", $"{Mark}-other");
        Assert.Equal((3, 1), await FeedbackAsync(api, first, anonymous, other, $"{Mark}-nobody"));

        var more = new MarkedTraffic(platform, Mark, Pixels);
        await more.AskOverGrpcAsync($"{Mark}-other");
        await more.PrecomputeAsync();
        var job = await more.RunJobAsync($"{Mark}-person");
        await more.RunJobWithoutHeaderAsync();
        await more.FailAsync();

        await SearchAsync(platform, collector, key, answer);
        await EraseAsync(api, first, anonymous, other, job);
        await ReportAsync(api);
    }

    private static async Task<string> NewKeyAsync(HttpClient api)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "/v1/keys") { Content = JsonContent.Create(new { name = "reader", roles = new[] { "viewer" } }) };
        request.Headers.Add("Idempotency-Key", $"{Mark}-idempotency");
        using var response = await api.SendAsync(request);
        return (await response.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("secret").GetString()!;
    }

    private static async Task<(string Id, string Number)> AskAsync(HttpClient api, string id, string? subject)
    {
        var pixels = Enumerable.Range(0, DigitsData.Pixels).Select(i => Pixels[i % Pixels.Length].ToString("R", CultureInfo.InvariantCulture));
        var body = $$"""{"id":"{{Mark}}-{{id}}","inputs":[{"name":"image","datatype":"FP32","shape":[1,1,28,28],"data":[{{string.Join(',', pixels)}}]}]}""";
        using var request = new HttpRequestMessage(HttpMethod.Post, "/v2/models/digits/infer") { Content = new StringContent(body, Encoding.UTF8, "application/json") };
        request.Headers.Add("X-Routing-Key", $"{Mark}-routing");
        request.Headers.Add("X-User-Id", $"{Mark}-user");
        request.Headers.Add("Cookie", $"session={Mark}-cookie");
        if (subject is not null) request.Headers.Add("X-Subject", subject);
        using var response = await api.SendAsync(request);
        var text = await response.Content.ReadAsStringAsync();
        Assert.True(response.IsSuccessStatusCode, text);
        // The longest number of the answer cannot stand anywhere by chance.
        using var json = JsonDocument.Parse(text);
        var numbers = json.RootElement.GetProperty("outputs")[0].GetProperty("data").EnumerateArray().Select(number => number.GetRawText());
        return (response.Headers.GetValues("X-Request-Id").Single(), numbers.MaxBy(number => number.Length)!);
    }

    private static async Task<(int Accepted, int Unmatched)> FeedbackAsync(HttpClient api, params string[] ids)
    {
        var items = ids.Select(id => new { request_id = id, label = 3, metric = "spend", value = 77123.4567891 });
        var result = await api.SendJsonAsync(HttpMethod.Post, "/v1/feedback", new { items });
        return (result.GetProperty("accepted").GetInt32(), result.GetProperty("unmatched").GetInt32());
    }

    private static async Task SearchAsync(RunningPlatform platform, OtlpReceiver collector, string key, string answer)
    {
        var model = await File.ReadAllBytesAsync(DigitsData.ModelPath("2.0.0"));
        Dictionary<string, byte[]> needles = new()
        {
            ["a marked text"] = Encoding.UTF8.GetBytes(Mark),
            ["a tensor as text"] = Encoding.UTF8.GetBytes("0.7312519,0.2718283"),
            ["a tensor as bytes"] = MemoryMarshal.AsBytes<float>(Pixels).ToArray(),
            ["a label's value"] = "77123.4567891"u8.ToArray(),
            ["an index that a model refused"] = Encoding.UTF8.GetBytes(MarkedTraffic.Index),
            ["an answer's number"] = Encoding.UTF8.GetBytes(answer),
            ["a key's secret"] = Encoding.UTF8.GetBytes(key),
            ["the model's weights"] = model[(model.Length / 2)..((model.Length / 2) + 64)],
            ["the model's end"] = model[^64..],
        };
        await Until.TrueAsync(
            () => Task.FromResult(collector.Spans.Any(span => span.Name.StartsWith("model.run", StringComparison.Ordinal)) && !collector.LogServices.IsEmpty && !collector.MetricServices.IsEmpty),
            TimeSpan.FromSeconds(60), "traces, logs and metrics to arrive");
        // AppHost's lock is an empty file that nobody else may open.
        var stored = Directory.EnumerateFiles(platform.DataFolder, "*", SearchOption.AllDirectories).Where(path => !path.EndsWith(".lock", StringComparison.Ordinal)).Select(path => (Path: path, Bytes: ReadShared(path))).ToArray();
        // The looking itself finds what does stand there.
        Assert.Contains(stored, file => Needle.IsIn(file.Bytes, "prediction:"u8.ToArray()));
        Assert.Contains(stored, file => Needle.IsIn(file.Bytes, "keys.create"u8.ToArray()));
        var metrics = Encoding.UTF8.GetBytes(await platform.Api.GetStringAsync("/metrics"));
        foreach (var (what, needle) in needles)
        {
            Assert.DoesNotContain(stored, file => Found(file.Bytes, needle, $"{what} stands in {file.Path}"));
            Assert.DoesNotContain(collector.Received, message => Found(message, needle, $"{what} left in telemetry"));
            Assert.False(Needle.IsIn(metrics, needle), $"{what} stands in the metrics.");
        }
    }

    private static bool Found(byte[] content, byte[] needle, string what)
    {
        if (!Needle.IsIn(content, needle)) return false;
        TestContext.Current.TestOutputHelper?.WriteLine(what);
        return true;
    }

    private static async Task EraseAsync(HttpClient api, string first, string anonymous, string other, string job)
    {
        using var nobody = await api.PostAsJsonAsync("/v1/privacy/erase", new { subject = "" });
        Assert.Equal(HttpStatusCode.BadRequest, nobody.StatusCode);
        await Until.TrueAsync(
            async () => (await api.GetAsync($"/v1/lineage/{first}")).IsSuccessStatusCode, TimeSpan.FromSeconds(30), "the request to be remembered");

        var receipt = await api.SendJsonAsync(HttpMethod.Post, "/v1/privacy/erase", new { subject = $"{Mark}-person" });

        var erased = receipt.GetProperty("erased");
        Assert.Equal((1, 1, 1, 1), (
            erased.GetProperty("predictions").GetInt32(), erased.GetProperty("feedback").GetInt32(), erased.GetProperty("requests").GetInt32(),
            erased.GetProperty("jobs").GetInt32()));
        Assert.Equal(HttpStatusCode.NotFound, (await api.GetAsync($"/v1/jobs/{job}")).StatusCode);
        var id = receipt.GetProperty("id").GetString();
        var proof = await api.GetFromJsonAsync<JsonElement>($"/v1/audit/proof?entry={receipt.GetProperty("audit_entry").GetInt64()}");
        Assert.Contains($"privacy/erasures/{id}", proof.GetProperty("record").GetString(), StringComparison.Ordinal);
        Assert.Contains("platform.privacy.erasure/v1", receipt.GetProperty("note").GetString(), StringComparison.Ordinal);
        Assert.Equal(receipt.GetProperty("note").GetString(), (await api.GetFromJsonAsync<JsonElement>($"/v1/privacy/erasures/{id}")).GetProperty("note").GetString());
        // What comes late for it finds nothing, and what is of others is as it was.
        Assert.Equal((2, 1), await FeedbackAsync(api, first, anonymous, other));
        Assert.Equal(HttpStatusCode.NotFound, (await api.GetAsync($"/v1/lineage/{first}")).StatusCode);
        Assert.Equal(HttpStatusCode.OK, (await api.GetAsync($"/v1/lineage/{other}")).StatusCode);
        Assert.True((await api.GetFromJsonAsync<JsonElement>("/v1/audit/verify")).GetProperty("valid").GetBoolean());
        // The log has that somebody was erased; a digest of so short a body could be guessed, so there is none.
        var entries = (await api.GetFromJsonAsync<JsonElement>("/v1/audit?action=privacy.erase")).GetProperty("items").EnumerateArray().ToArray();
        Assert.NotEmpty(entries);
        Assert.All(entries, entry => Assert.False(entry.TryGetProperty("body_sha256", out var digest) && digest.ValueKind is JsonValueKind.String));
    }

    private static async Task ReportAsync(HttpClient api)
    {
        await api.SendJsonAsync(HttpMethod.Put, "/v1/privacy/retention", new { predictions = "7d", feedback = "7d", requests = "30d", answers = "1h", jobs = "7d" });
        var report = await api.GetFromJsonAsync<JsonElement>("/v1/compliance/report?model=digits");
        var checks = report.GetProperty("checks").EnumerateArray().ToDictionary(check => check.GetProperty("id").GetString()!, check => check.GetProperty("status").GetString());
        Assert.True(checks.Count >= 30);
        foreach (var passed in (string[])["data.sealed", "data.predictions.limited", "data.erasure.provable", "records.audit.whole", "security.artifact.encrypted", "security.artifact.signed"])
            Assert.Equal("pass", checks[passed]);
        foreach (var failed in (string[])["oversight.owner", "quality.gates", "security.identity"]) Assert.Equal("fail", checks[failed]);
        Assert.Contains("not legal advice", report.GetProperty("notice").GetString(), StringComparison.Ordinal);

        using var request = new HttpRequestMessage(HttpMethod.Get, "/v1/compliance/report?model=digits");
        request.Headers.Accept.ParseAdd("text/html");
        using var page = await api.SendAsync(request);
        Assert.Equal("text/html", page.Content.Headers.ContentType?.MediaType);
        Assert.Contains("<h1>Compliance report of digits</h1>", await page.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.NotFound, (await api.GetAsync("/v1/compliance/report?model=nothing")).StatusCode);
        Assert.Equal(HttpStatusCode.BadRequest, (await api.GetAsync("/v1/compliance/report")).StatusCode);
    }

    /// <summary>Redis holds its files open.</summary>
    private static byte[] ReadShared(string path)
    {
        using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        using var bytes = new MemoryStream();
        file.CopyTo(bytes);
        return bytes.ToArray();
    }
}
