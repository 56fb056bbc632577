using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using Platform.Api.Jobs;
using Platform.Api.Tests.Access;
using Platform.Core.Access;
using Platform.Core.Jobs;
using Platform.SharedState.Jobs;
using Platform.Tests;

namespace Platform.Api.Tests.Jobs;

public sealed class JobRoutesTests : IClassFixture<RedisServer>, IDisposable
{
    private const int MaxBytes = 1_000;
    private readonly RedisServer redis;
    private readonly string folder = Directory.CreateTempSubdirectory("platform-api-jobs-").FullName;
    private readonly ApiHost host;
    private readonly HttpClient client;

    public JobRoutesTests(RedisServer redis)
    {
        this.redis = redis;
        host = new ApiHost(redis, ("Jobs:MaxInputBytes", $"{MaxBytes}"), ("Jobs:SegmentBytes", "1024"), ("Artifacts:Folder", folder)) { Cluster = FakeJobs.Over(redis) };
        client = host.NewClient(ApiHost.AdminKey);
    }

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public void Dispose()
    {
        client.Dispose();
        host.Dispose();
        Directory.Delete(folder, recursive: true);
    }

    [Fact]
    public async Task Upload_InOnePiece_MakesTheJobReady()
    {
        var job = await CreateAsync();
        using var answer = await PutAsync(job, new byte[MaxBytes]);
        var view = await answer.Content.ReadFromJsonAsync<JsonElement>(Cancellation);
        Assert.Equal((HttpStatusCode.OK, MaxBytes, true), (
            answer.StatusCode, view.GetProperty("input").GetProperty("received_bytes").GetInt32(), view.GetProperty("input").GetProperty("complete").GetBoolean()));
        Assert.Equal(HttpStatusCode.Conflict, (await PutAsync(job, new byte[1])).StatusCode);
    }

    [Fact]
    public async Task Upload_InParts_IsRefusedAtAWrongOffsetWithTheRightOne()
    {
        var job = await CreateAsync();
        Assert.Equal(HttpStatusCode.Accepted, (await PutAsync(job, new byte[400], "bytes 0-399/*")).StatusCode);
        foreach (var wrong in (string[])["bytes 0-399/800", "bytes 300-699/800", "bytes 500-599/600"])
        {
            using var refused = await PutAsync(job, new byte[400], wrong);
            Assert.Equal((HttpStatusCode.Conflict, "400"), (refused.StatusCode, refused.Headers.GetValues("Upload-Offset").Single()));
        }

        using var progress = await client.GetAsync($"/v1/jobs/{job}/input", Cancellation);
        Assert.Equal("400", progress.Headers.GetValues("Upload-Offset").Single());
        Assert.Equal(HttpStatusCode.OK, (await PutAsync(job, new byte[400], "bytes 400-799/800")).StatusCode);
        Assert.Equal([new(0, 400), new(400, 400)], (await new JobInputStore(redis.Connection).SegmentsAsync(job)).Select(part => (part.Offset, part.Length)));
    }

    [Fact]
    public async Task Upload_WhoseConnectionBreaks_GoesOnFromTheLastByteThatCame()
    {
        var job = await CreateAsync();
        await Assert.ThrowsAsync<IOException>(() =>
            host.Services.GetRequiredService<JobUpload>().ReceiveAsync(job, new BrokenStream(600), MaxBytes, null, Cancellation));

        using var progress = await client.GetAsync($"/v1/jobs/{job}/input", Cancellation);
        Assert.Equal("600", progress.Headers.GetValues("Upload-Offset").Single());
        Assert.Equal(HttpStatusCode.OK, (await PutAsync(job, new byte[MaxBytes - 600], $"bytes 600-{MaxBytes - 1}/{MaxBytes}")).StatusCode);
        Assert.Equal([new(0, 600), new(600, 400)], (await new JobInputStore(redis.Connection).SegmentsAsync(job)).Select(part => (part.Offset, part.Length)));
    }

    [Fact]
    public async Task Upload_WithoutARange_BeginsAnewAndLeavesNothingOfWhatCameBefore()
    {
        var job = await CreateAsync();
        await PutAsync(job, new byte[400], "bytes 0-399/800");
        Assert.Equal(HttpStatusCode.OK, (await PutAsync(job, new byte[10])).StatusCode);
        Assert.Single(FilesOf(job));
    }

    [Fact]
    public async Task Upload_ThatAnnouncesTooMuch_IsRefusedBeforeAnyOfItIsRead()
    {
        var job = await CreateAsync();
        foreach (var range in (string?[])[null, "bytes 0-1000/1001", "bytes 0-9/5000000000"])
        {
            using var content = new NeverRead(range is null ? 5_000_000_000 : 10);
            if (range is not null) content.Headers.TryAddWithoutValidation("Content-Range", range);
            using var request = new HttpRequestMessage(HttpMethod.Put, $"/v1/jobs/{job}/input") { Content = content };
            using var answer = await client.SendAsync(request, Cancellation);
            Assert.Equal(HttpStatusCode.RequestEntityTooLarge, answer.StatusCode);
            Assert.Contains("1000 bytes (Jobs:MaxInputBytes)", await answer.Content.ReadAsStringAsync(Cancellation), StringComparison.Ordinal);
        }

        Assert.Empty(FilesOf(job));
    }

    [Fact]
    public async Task Upload_ThatTurnsOutTooLarge_IsRefusedAndNothingOfItIsKept()
    {
        var job = await CreateAsync();
        using var content = new StreamContent(new EndlessStream(50_000));
        using var request = new HttpRequestMessage(HttpMethod.Put, $"/v1/jobs/{job}/input") { Content = content };
        request.Headers.TransferEncodingChunked = true;
        using var answer = await client.SendAsync(request, Cancellation);

        Assert.Equal(HttpStatusCode.RequestEntityTooLarge, answer.StatusCode);
        Assert.Empty(FilesOf(job));
        Assert.Equal(HttpStatusCode.OK, (await PutAsync(job, new byte[10])).StatusCode);
    }

    [Theory]
    [InlineData("bytes 0-9", "Content-Range")]
    [InlineData("bytes 9-0/10", "Content-Range")]
    [InlineData("bytes 0-19/20", "Content-Range")]
    [InlineData(null, "body")]
    public async Task Upload_ThatIsNotWhatItSays_NamesTheField(string? range, string field)
    {
        var job = await CreateAsync();
        using var answer = await PutAsync(job, range is null ? [] : new byte[10], range);
        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
        Assert.True((await answer.Content.ReadFromJsonAsync<JsonElement>(Cancellation)).GetProperty("errors").TryGetProperty(field, out _));
    }

    [Fact]
    public async Task Form_BringsJobAndRowsTogether()
    {
        using var answer = await client.PostAsync("/v1/jobs", Form(("job", Spec()), ("input", "{\"x\":1}\n")), Cancellation);
        var view = await answer.Content.ReadFromJsonAsync<JsonElement>(Cancellation);
        Assert.Equal((HttpStatusCode.Accepted, 8), (answer.StatusCode, view.GetProperty("input").GetProperty("received_bytes").GetInt32()));
    }

    [Fact]
    public async Task Form_ThatIsNotAsItShould_BeLeavesNoJobWithRows()
    {
        foreach (var form in (MultipartFormDataContent[])
        [
            Form(("input", "x")), Form(("job", Spec())), Form(("job", Spec()), ("other", "x")), Form(("job", "{"), ("input", "x")),
            Form(("job", Spec("dataset:d")), ("input", "x")), Form(("job", Spec()), ("input", "")),
        ])
        {
            using var answer = await client.PostAsync("/v1/jobs", form, Cancellation);
            Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
        }

        using var large = await client.PostAsync("/v1/jobs", Form(("job", Spec()), ("input", new string('x', MaxBytes + 1))), Cancellation);
        Assert.Equal(HttpStatusCode.RequestEntityTooLarge, large.StatusCode);
        Assert.DoesNotContain(Directory.EnumerateFiles(folder, "*", SearchOption.AllDirectories), file => file.Contains("/input/", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("{\"model\":\"m\"}", "input.format")]
    [InlineData("{\"model\":\"m\",\"input\":{\"format\":\"jsonl\"},\"bogus\":1}", "bogus")]
    [InlineData("{\"model\":\"m\",\"input\":{\"format\":\"jsonl\"},\"batch_size\":\"many\"}", "batch_size")]
    [InlineData("{\"model\":\"m\",\"input\":{\"format\":\"jsonl\",\"uri\":\"../x\"}}", "input.uri")]
    public async Task Create_OfWhatIsNoJob_NamesTheField(string body, string field)
    {
        using var answer = await client.PostAsync("/v1/jobs", new StringContent(body, Encoding.UTF8, "application/json"), Cancellation);
        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
        Assert.True((await answer.Content.ReadFromJsonAsync<JsonElement>(Cancellation)).GetProperty("errors").TryGetProperty(field, out _));
    }

    [Fact]
    public async Task Key_ThatIsLimitedToAModel_SeesAndMovesJobsOfThatModelOnly()
    {
        var (mine, other) = ($"m-{Guid.NewGuid():n}", $"m-{Guid.NewGuid():n}");
        var (myJob, otherJob) = (await CreateAsync(mine), await CreateAsync(other));
        using var limited = host.NewClient(await new GivenKeys(host.Services).GiveAsync([Role.Operator], null, mine));

        foreach (var path in (string[])["", "/input", "/errors", "/output"])
        {
            Assert.Equal(HttpStatusCode.Forbidden, (await limited.GetAsync($"/v1/jobs/{otherJob}{path}", Cancellation)).StatusCode);
            Assert.NotEqual(HttpStatusCode.Forbidden, (await limited.GetAsync($"/v1/jobs/{myJob}{path}", Cancellation)).StatusCode);
        }

        Assert.Equal(HttpStatusCode.Forbidden, (await limited.GetAsync($"/v1/jobs/{otherJob}/events", Cancellation)).StatusCode);
        Assert.Equal(HttpStatusCode.Forbidden, (await limited.PostAsync($"/v1/jobs/{otherJob}/cancel", null, Cancellation)).StatusCode);
        Assert.Equal(HttpStatusCode.Forbidden, (await limited.PutAsync($"/v1/jobs/{otherJob}/input", new ByteArrayContent([1]), Cancellation)).StatusCode);
        Assert.Equal(HttpStatusCode.Forbidden, (await limited.PostAsync("/v1/jobs", JsonContent.Create(new { model = other, input = new { format = "csv" } }), Cancellation)).StatusCode);
        Assert.Equal(HttpStatusCode.Accepted, (await limited.PostAsync("/v1/jobs", JsonContent.Create(new { model = mine, input = new { format = "csv" } }), Cancellation)).StatusCode);
        Assert.Equal([mine, mine], (await ListAsync(limited, "/v1/jobs")).Select(job => job.GetProperty("model").GetString()));
        Assert.Equal([other], (await ListAsync(client, $"/v1/jobs?model={other}")).Select(job => job.GetProperty("model").GetString()));
        Assert.Equal(HttpStatusCode.OK, (await limited.PostAsync($"/v1/jobs/{myJob}/cancel", null, Cancellation)).StatusCode);
    }

    [Fact]
    public async Task List_GivesPagesWithoutGapOrRepeat()
    {
        var model = $"m-{Guid.NewGuid():n}";
        var jobs = new List<string>();
        for (var i = 0; i < 5; i++) jobs.Add(await CreateAsync(model));

        var seen = new List<string>();
        string? token = null;
        do
        {
            var page = await client.GetFromJsonAsync<JsonElement>($"/v1/jobs?model={model}&page_size=2{(token is null ? "" : "&page_token=" + token)}", Cancellation);
            seen.AddRange(page.GetProperty("items").EnumerateArray().Select(job => job.GetProperty("id").GetString()!));
            token = page.GetProperty("next_page_token").GetString();
        }
        while (token is not null);

        Assert.Equal(jobs.OrderDescending(StringComparer.Ordinal), seen);
        Assert.Equal(HttpStatusCode.BadRequest, (await client.GetAsync("/v1/jobs?page_size=0", Cancellation)).StatusCode);
    }

    [Fact]
    public async Task Errors_OfAShardThatWasPutAside_NameEachOfItsRows()
    {
        var job = await CreateAsync();
        var database = redis.Connection.GetDatabase();
        await database.HashSetAsync($"jobs:{job}:results", 3, JsonSerializer.Serialize(ShardResult.PutAside(new JobShard(3, 30, 2, "f"), "It was put aside."), Core.PlatformJson.Options));

        var lines = (await client.GetStringAsync($"/v1/jobs/{job}/errors", Cancellation)).TrimEnd().Split('\n');

        Assert.Equal(["{\"row\":30,\"reason\":\"It was put aside.\"}", "{\"row\":31,\"reason\":\"It was put aside.\"}"], lines);
    }

    [Theory]
    [InlineData("no-id")]
    [InlineData("00000000000000000000000000000000")]
    public async Task Job_ThatIsNotThere_IsNotFound(string id)
    {
        foreach (var path in (string[])["", "/input", "/errors", "/output", "/events"])
            Assert.Equal(HttpStatusCode.NotFound, (await client.GetAsync($"/v1/jobs/{id}{path}", Cancellation)).StatusCode);
        Assert.Equal(HttpStatusCode.NotFound, (await PutAsync(id, new byte[1])).StatusCode);
    }

    private static string Spec(string? uri = null) => JsonSerializer.Serialize(new { model = "m", input = uri is null ? (object)new { format = "jsonl" } : new { format = "jsonl", uri } });

    private static MultipartFormDataContent Form(params (string Name, string Text)[] parts)
    {
        var form = new MultipartFormDataContent();
        foreach (var (name, text) in parts) form.Add(new StringContent(text), name);
        return form;
    }

    private static async Task<IReadOnlyList<JsonElement>> ListAsync(HttpClient from, string path) =>
        [.. (await from.GetFromJsonAsync<JsonElement>(path, Cancellation)).GetProperty("items").EnumerateArray()];

    private async Task<string> CreateAsync(string model = "m")
    {
        using var answer = await client.PostAsync("/v1/jobs", JsonContent.Create(new { model, input = new { format = "jsonl" } }), Cancellation);
        Assert.Equal(HttpStatusCode.Accepted, answer.StatusCode);
        return (await answer.Content.ReadFromJsonAsync<JsonElement>(Cancellation)).GetProperty("id").GetString()!;
    }

    private Task<HttpResponseMessage> PutAsync(string job, byte[] body, string? range = null)
    {
        var content = new ByteArrayContent(body);
        content.Headers.ContentType = new MediaTypeHeaderValue("application/octet-stream");
        if (range is not null) content.Headers.TryAddWithoutValidation("Content-Range", range);
        return client.PutAsync($"/v1/jobs/{job}/input", content, Cancellation);
    }

    private string[] FilesOf(string job) =>
        Directory.Exists(Path.Combine(folder, "jobs", job)) ? Directory.GetFiles(Path.Combine(folder, "jobs", job), "*", SearchOption.AllDirectories) : [];

    /// <summary>A body that must not be asked for.</summary>
    private sealed class NeverRead(long length) : HttpContent
    {
        protected override Task SerializeToStreamAsync(Stream stream, TransportContext? context) => Task.CompletedTask;

        protected override bool TryComputeLength(out long computed)
        {
            computed = length;
            return true;
        }
    }

    /// <summary>So many bytes, whose number nobody announces.</summary>
    private sealed class BrokenStream(int bytes) : MemoryStream(new byte[bytes])
    {
        public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) =>
            await base.ReadAsync(buffer, cancellationToken) is > 0 and var count ? count : throw new IOException("The connection broke.");
    }

    private sealed class EndlessStream(int bytes) : MemoryStream(new byte[bytes])
    {
        public override bool CanSeek => false;
    }
}
