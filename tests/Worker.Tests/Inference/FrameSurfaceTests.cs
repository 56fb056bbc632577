using System.IO.Compression;
using System.Net;
using System.Text;
using Microsoft.Extensions.DependencyInjection;
using Platform.Core.Serving;
using Platform.SharedState.Frames;
using Platform.Worker.Inference.Batching;
using Platform.Worker.Serving;
using Platform.Worker.Tests.Support;

namespace Platform.Worker.Tests.Inference;

/// <summary>What an Api gets from a worker over frames; what is in the bodies is tested over HTTP.</summary>
public sealed class FrameSurfaceTests
{
    private const string Json = """{"inputs":[{"name":"x","shape":[1],"datatype":"FP32","data":[1]}]}""";

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Infer_Json_IsAnsweredWithIdAndFigures()
    {
        await using var host = await LoadedAsync();
        var result = await AskAsync(host, Json, request => request with { RequestId = "mine" });

        Assert.Equal(200, result.Answer.Status);
        Assert.Equal(
            """{"model_name":"m","model_version":"1.0.0","id":"mine","outputs":[{"name":"y","datatype":"FP32","shape":[1],"data":[1]}]}""",
            Encoding.UTF8.GetString(result.Body.Span));
        Assert.Equal(("application/json", null, 1), (result.Answer.ContentType, result.Answer.HeaderLength, result.Answer.BatchSize));
        Assert.NotNull(result.Answer.QueueMicroseconds ?? result.Answer.ComputeMicroseconds);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(20_000)]
    [InlineData(300_000)]
    public async Task Infer_Binary_OfAnySize_ComesBackAsItWas(int count)
    {
        await using var host = await LoadedAsync();
        var json = $$"""{"parameters":{"binary_data_output":true},"inputs":[{"name":"x","shape":[{{count}}],"datatype":"FP32","parameters":{"binary_data_size":{{count * 4}} } }]}""";
        var tensor = new byte[count * 4];
        Random.Shared.NextBytes(tensor);
        for (var i = 3; i < tensor.Length; i += 4) tensor[i] = 0x3f;
        var result = await AskAsync(host, [.. Encoding.UTF8.GetBytes(json), .. tensor], request => request with { HeaderLength = $"{json.Length}" });

        Assert.Equal((200, "application/octet-stream"), (result.Answer.Status, result.Answer.ContentType));
        Assert.Equal(tensor, result.Body[result.Answer.HeaderLength!.Value..].ToArray());
    }

    [Fact]
    public async Task Infer_CompressedBody_IsRead()
    {
        await using var host = await LoadedAsync();

        Assert.Equal(200, (await AskAsync(host, Zip(Encoding.UTF8.GetBytes(Json)), request => request with { ContentEncoding = "gzip" })).Answer.Status);
        var damaged = await AskAsync(host, Json, request => request with { ContentEncoding = "gzip" });
        Assert.Equal(400, damaged.Answer.Status);
        var foreign = await AskAsync(host, Json, request => request with { ContentEncoding = "br" });
        Assert.Equal((415, "gzip, deflate"), (foreign.Answer.Status, foreign.Answer.Header("Accept-Encoding")));
    }

    [Theory]
    [InlineData("x", 400, "must be the length of the JSON")]
    [InlineData("-1", 400, "must be the length of the JSON")]
    [InlineData("1000", 400, "the body has only")]
    public async Task Infer_HeaderLengthThatIsNone_IsRefused(string length, int status, string text)
    {
        await using var host = await LoadedAsync();
        var result = await AskAsync(host, Json, request => request with { HeaderLength = length });

        Assert.Equal(status, result.Answer.Status);
        Assert.Contains(text, Encoding.UTF8.GetString(result.Body.Span), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Infer_BodyOverTheLimit_Is413AndTheConnectionGoesOn()
    {
        await using var host = await LoadedAsync(("Worker:MaxRequestBytes", "100000"));
        using var client = NewClient();

        Assert.Equal(413, (await AskAsync(host, client, new byte[100_001], null)).Answer.Status);
        Assert.Equal(200, (await AskAsync(host, client, Encoding.UTF8.GetBytes(Json), null)).Answer.Status);
    }

    [Fact]
    public async Task Infer_VersionThatIsNotHereOrAWorkerThatStops_IsSentElsewhere()
    {
        await using var host = await LoadedAsync();

        Assert.Equal(421, (await AskAsync(host, Json, request => request with { Version = "2.0.0" })).Answer.Status);
        host.Services.GetRequiredService<WorkerState>().RefusesWork = true;
        Assert.Equal(503, (await AskAsync(host, Json)).Answer.Status);
    }

    [Fact]
    public async Task Infer_WithoutTimeLeft_IsNotRun()
    {
        await using var host = await LoadedAsync();

        Assert.Equal(504, (await AskAsync(host, Json, request => request with { Timeout = TimeSpan.Zero })).Answer.Status);
        Assert.Equal(200, (await AskAsync(host, Json, request => request with { Timeout = TimeSpan.FromMinutes(1) })).Answer.Status);
    }

    [Fact]
    public async Task Caller_ThatGivesUpWhileItWaits_LeavesTheQueue()
    {
        await using var host = await LoadedAsync(("Worker:Executors", "1"));
        var slots = host.Services.GetRequiredService<ExecutorSlots>();
        Assert.True(slots.TryTake());
        var served = Assert.Single(host.Services.GetRequiredService<ServedVersions>().All);
        using var client = NewClient();
        using var giveUp = new CancellationTokenSource();
        var asking = AskAsync(host, client, Encoding.UTF8.GetBytes(Json), null, giveUp.Token);
        await UntilAsync(() => served.Waiting == 1);

        await giveUp.CancelAsync();
        await UntilAsync(() => served.Waiting == 0);

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => asking);
        slots.Release();
    }

    [Fact]
    public async Task Requests_BeyondMaxConcurrent_AreRefusedAndTheOthersAnswered()
    {
        await using var host = await LoadedAsync(("Worker:Executors", "1"));
        var slots = host.Services.GetRequiredService<ExecutorSlots>();
        Assert.True(slots.TryTake());
        var served = Assert.Single(host.Services.GetRequiredService<ServedVersions>().All);
        served.Config = served.Config with { Limits = served.Config.Limits! with { MaxConcurrent = 2 } };
        var waiting = Enumerable.Range(0, 2).Select(_ => AskAsync(host, Json)).ToArray();
        await UntilAsync(() => served.Waiting == 2);

        var refused = await AskAsync(host, Json);
        slots.Release();
        host.Services.GetRequiredService<WaitingLine>().Dispatch();

        Assert.Equal((429, "1"), (refused.Answer.Status, refused.Answer.Header("Retry-After")));
        Assert.Contains("max_concurrent", Encoding.UTF8.GetString(refused.Body.Span), StringComparison.Ordinal);
        Assert.All(await Task.WhenAll(waiting), result => Assert.Equal(200, result.Answer.Status));
        Assert.Equal(200, (await AskAsync(host, Json)).Answer.Status);
    }

    [Fact]
    public async Task Requests_ManyAtOnce_EachGetTheirOwnAnswer()
    {
        await using var host = await LoadedAsync();
        using var client = NewClient();
        // Bodies of sizes that share pooled buffers: one lent to two requests at a time would show another's numbers.
        await Parallel.ForEachAsync(Enumerable.Range(0, 2_000), new ParallelOptions { MaxDegreeOfParallelism = 32, CancellationToken = Cancellation }, async (i, _) =>
        {
            var (count, isGzip) = (1 + (i % 7 * 100), i % 5 == 0);
            var json = $$"""{"parameters":{"binary_data_output":true},"inputs":[{"name":"x","shape":[{{count}}],"datatype":"FP32","parameters":{"binary_data_size":{{count * 4}} } }]}""";
            var tensor = Enumerable.Range(0, count).SelectMany(at => BitConverter.GetBytes((i * 1_000f) + at)).ToArray();
            byte[] body = [.. Encoding.UTF8.GetBytes(json), .. tensor];
            var result = await AskAsync(
                host, client, isGzip ? Zip(body) : body,
                request => request with { RequestId = $"r-{i}", HeaderLength = $"{json.Length}", ContentEncoding = isGzip ? "gzip" : null });

            Assert.Equal(200, result.Answer.Status);
            var head = result.Answer.HeaderLength!.Value;
            Assert.Contains($"\"id\":\"r-{i}\"", Encoding.UTF8.GetString(result.Body.Span[..head]), StringComparison.Ordinal);
            Assert.Equal(tensor, result.Body[head..].ToArray());
        });
    }

    private static byte[] Zip(byte[] bytes)
    {
        using var zipped = new MemoryStream();
        using (var zip = new GZipStream(zipped, CompressionMode.Compress, leaveOpen: true)) zip.Write(bytes);
        return zipped.ToArray();
    }

    private static async Task<WorkerHost> LoadedAsync(params (string Key, string Value)[] settings)
    {
        var host = await WorkerHost.StartAsync(settings);
        await host.LoadAsync("m", "1.0.0", OnnxBuilder.Identity("FP32", "n"), new DeploymentConfig(Limits: new ServingLimits(Timeout: TimeSpan.FromMinutes(1))));
        return host;
    }

    private static FrameClient NewClient() => new(WorkerHost.Key, new(), TimeProvider.System);

    private static Task<FrameResult> AskAsync(WorkerHost host, string json, Func<FrameRequest, FrameRequest>? change = null) =>
        AskAsync(host, Encoding.UTF8.GetBytes(json), change);

    private static async Task<FrameResult> AskAsync(WorkerHost host, byte[] body, Func<FrameRequest, FrameRequest>? change)
    {
        using var client = NewClient();
        return await AskAsync(host, client, body, change);
    }

    private static async Task<FrameResult> AskAsync(
        WorkerHost host, FrameClient client, byte[] body, Func<FrameRequest, FrameRequest>? change, CancellationToken? cancellation = null)
    {
        var address = new IPEndPoint(IPAddress.Loopback, host.Services.GetRequiredService<WorkerState>().FramePort);
        var request = new FrameRequest { Model = "m", Version = "1.0.0" };
        return await client.AskAsync(address, change?.Invoke(request) ?? request, body, cancellation ?? Cancellation);
    }

    private static async Task UntilAsync(Func<bool> condition)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(Cancellation);
        limit.CancelAfter(TimeSpan.FromSeconds(30));
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(2));
        while (!condition()) await timer.WaitForNextTickAsync(limit.Token);
    }
}
