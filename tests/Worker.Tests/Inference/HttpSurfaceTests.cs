using System.IO.Compression;
using System.Net;
using System.Text;
using Microsoft.Extensions.DependencyInjection;
using Platform.SharedState.Workers;
using Platform.Worker.Serving;
using Platform.Worker.Tests.Support;

namespace Platform.Worker.Tests.Inference;

public sealed class HttpSurfaceTests
{
    private const string Json = """{"inputs":[{"name":"x","shape":[1],"datatype":"FP32","data":[1]}]}""";

    [Theory]
    [InlineData("/internal/models/m/versions/1.0.0/infer")]
    [InlineData("/internal/staged/0/inspect")]
    [InlineData("/internal")]
    [InlineData("/anything")]
    public async Task Call_WithoutTheKey_IsRefused(string path)
    {
        await using var host = await WorkerHost.StartAsync();
        using var stranger = new HttpClient { BaseAddress = host.Address };
        foreach (var key in new[] { null, "", "wrong", WorkerHost.Key[..^1], WorkerHost.Key + "x", new string('x', 5000) })
        {
            using var request = new HttpRequestMessage(HttpMethod.Post, new Uri(path, UriKind.Relative));
            if (key is not null) request.Headers.TryAddWithoutValidation(WorkerProtocol.KeyHeader, key);
            using var response = await stranger.SendAsync(request, TestContext.Current.CancellationToken);
            Assert.Contains(WorkerProtocol.KeyHeader, await response.ErrorAsync(HttpStatusCode.Unauthorized), StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task Start_WithoutAKey_IsRefused()
    {
        var refusal = await Assert.ThrowsAsync<Microsoft.Extensions.Options.OptionsValidationException>(() => WorkerHost.StartAsync(("Access:InternalKey", "short")));
        Assert.Contains("at least 32 characters", refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Infer_VersionThatIsNotHere_IsMisdirected()
    {
        await using var host = await WorkerHost.StartAsync();
        await host.LoadAsync("m", "1.0.0", OnnxBuilder.Identity("FP32", "n"));
        using var response = await host.InferAsync("m", "2.0.0", Json);
        Assert.Contains("'m' version 2.0.0 is not loaded", await response.ErrorAsync(HttpStatusCode.MisdirectedRequest), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Infer_VersionWithBuildMetadata_IsFound()
    {
        await using var host = await WorkerHost.StartAsync();
        await host.LoadAsync("m", "1.0.0-rc.1+build.5", OnnxBuilder.Identity("FP32", "n"));
        using var response = await host.InferAsync("m", "1.0.0-rc.1+build.5", Json);
        Assert.Equal("1.0.0-rc.1+build.5", (string)(await response.JsonAsync())["model_version"]!);
    }

    [Fact]
    public async Task Infer_WhileStopping_IsRefusedOnlyAfterTheDelay()
    {
        await using var host = await WorkerHost.StartAsync();
        await host.LoadAsync("m", "1.0.0", OnnxBuilder.Identity("FP32", "n"));
        var state = host.Services.GetRequiredService<WorkerState>();
        state.IsDraining = true;
        using var during = await host.InferAsync("m", "1.0.0", Json);
        Assert.Equal(HttpStatusCode.OK, during.StatusCode);
        state.RefusesWork = true;
        using var after = await host.InferAsync("m", "1.0.0", Json);
        Assert.Contains("stopping", await after.ErrorAsync(HttpStatusCode.ServiceUnavailable), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("mine", "header", "mine")]
    [InlineData(null, "header", "header")]
    [InlineData("", "header", "header")]
    [InlineData("mine", null, "mine")]
    [InlineData(null, null, null)]
    public async Task Infer_Id_IsTheClientsOrTheHeaders(string? id, string? header, string? expected)
    {
        await using var host = await WorkerHost.StartAsync();
        await host.LoadAsync("m", "1.0.0", OnnxBuilder.Identity("FP32", "n"));
        var json = id is null ? Json : Json.Replace("{\"inputs\"", $"{{\"id\":\"{id}\",\"inputs\"", StringComparison.Ordinal);
        using var content = new StringContent(json);
        if (header is not null) content.Headers.Add(WorkerProtocol.RequestIdHeader, header);
        using var response = await host.InferAsync("m", "1.0.0", content);
        Assert.Equal(expected, (string?)(await response.JsonAsync())["id"]);
        Assert.All(
            new[] { WorkerProtocol.QueueMicrosecondsHeader, WorkerProtocol.ComputeMicrosecondsHeader, WorkerProtocol.BatchSizeHeader },
            name => Assert.True(long.Parse(response.Headers.GetValues(name).Single(), System.Globalization.CultureInfo.InvariantCulture) >= 0));
    }

    [Theory]
    [InlineData("gzip")]
    [InlineData("deflate")]
    [InlineData("identity")]
    public async Task Infer_CompressedBody_IsRead(string encoding)
    {
        await using var host = await WorkerHost.StartAsync();
        await host.LoadAsync("m", "1.0.0", OnnxBuilder.Identity("FP32", "n"));
        using var content = Compress(encoding, Encoding.UTF8.GetBytes(Json));
        using var response = await host.InferAsync("m", "1.0.0", content);
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
    }

    [Fact]
    public async Task Infer_CompressedBodyThatIsNot_IsRefused()
    {
        await using var host = await WorkerHost.StartAsync();
        await host.LoadAsync("m", "1.0.0", OnnxBuilder.Identity("FP32", "n"));
        using var content = new ByteArrayContent(Encoding.UTF8.GetBytes(Json));
        content.Headers.ContentEncoding.Add("gzip");
        using var damaged = await host.InferAsync("m", "1.0.0", content);
        Assert.Contains("Content-Encoding", await damaged.ErrorAsync(HttpStatusCode.BadRequest), StringComparison.Ordinal);
        using var foreign = Compress("br", Encoding.UTF8.GetBytes(Json));
        using var unknown = await host.InferAsync("m", "1.0.0", foreign);
        await unknown.ErrorAsync(HttpStatusCode.UnsupportedMediaType);
        Assert.Equal("gzip, deflate", string.Join(", ", unknown.Headers.GetValues("Accept-Encoding")));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Infer_BodyOverTheLimit_IsRefused(bool isCompressed)
    {
        await using var host = await WorkerHost.StartAsync(("Worker:MaxRequestBytes", "100000"));
        await host.LoadAsync("m", "1.0.0", OnnxBuilder.Identity("FP32", "n"));
        var body = Encoding.UTF8.GetBytes(new string(' ', 100_001));
        using var content = isCompressed ? Compress("gzip", body) : new ByteArrayContent(body);
        using var response = await host.InferAsync("m", "1.0.0", content);
        Assert.Contains("100000 bytes", await response.ErrorAsync(HttpStatusCode.RequestEntityTooLarge), StringComparison.Ordinal);
    }

    private static ByteArrayContent Compress(string encoding, byte[] body)
    {
        using var bytes = new MemoryStream();
        using Stream stream = encoding switch
        {
            "gzip" => new GZipStream(bytes, CompressionMode.Compress, leaveOpen: true),
            "deflate" => new ZLibStream(bytes, CompressionMode.Compress, leaveOpen: true),
            "br" => new BrotliStream(bytes, CompressionMode.Compress, leaveOpen: true),
            _ => bytes,
        };
        stream.Write(body);
        if (stream != bytes) stream.Dispose();
        var content = new ByteArrayContent(bytes.ToArray());
        content.Headers.ContentEncoding.Add(encoding);
        return content;
    }
}
