using System.Globalization;
using System.Net;
using System.Net.Sockets;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.Logging;
using Platform.SharedState.Frames;
using Platform.SharedState.Workers;

namespace Platform.Benchmarks.Transport;

/// <summary>The transports that could lie between Api and worker, each with a worker's end that does nothing.</summary>
internal sealed class TransportPeers : IAsyncDisposable
{
    private const string Key = "an internal key that only benchmarks use, long enough";
    private readonly List<IAsyncDisposable> owned = [];
    private readonly FrameClient frames = new(Key, new(), TimeProvider.System);

    public List<TransportPeer> All { get; } = [];

    public static async Task<TransportPeers> StartAsync()
    {
        var peers = new TransportPeers();
        await peers.AddHttpAsync("HTTP/1.1", HttpProtocols.Http1, HttpVersion.Version11);
        await peers.AddHttpAsync("HTTP/2", HttpProtocols.Http2, HttpVersion.Version20);
        peers.AddFrames("frames, TCP", new IPEndPoint(IPAddress.Loopback, 0));
        if (OperatingSystem.IsLinux()) peers.AddFrames("frames, Unix socket", new UnixDomainSocketEndPoint($"\0platform-benchmark-{Environment.ProcessId}"));
        return peers;
    }

    public async ValueTask DisposeAsync()
    {
        frames.Dispose();
        foreach (var one in owned) await one.DisposeAsync();
    }

    private void AddFrames(string name, EndPoint address)
    {
        var listener = new FrameListener(address, Key, new EchoService(), new(), TimeProvider.System);
        owned.Add(listener);
        var target = listener.Address;
        All.Add(new(name, async body =>
        {
            var request = new FrameRequest { Model = "digits", Version = "2.0.0", RequestId = "0190f2a4-1111-7000-8000-000000000000", HeaderLength = "170", ContentType = "application/octet-stream" };
            var result = await frames.AskAsync(target, request, body, CancellationToken.None);
            if (result.Body.Length != EchoService.Answer.Length) throw new InvalidOperationException("The answer is not the echo's.");
        }));
    }

    private async Task AddHttpAsync(string name, HttpProtocols protocols, Version version)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0, listen => listen.Protocols = protocols));
        var app = builder.Build();
        app.MapPost("/internal/models/{model}/versions/{version}/infer", HandleAsync);
        await app.StartAsync();
        owned.Add(app);
        var target = new Uri(app.Urls.Single() + WorkerProtocol.InferPath("digits", "2.0.0"));
        var client = new HttpMessageInvoker(new SocketsHttpHandler { UseProxy = false, UseCookies = false, EnableMultipleHttp2Connections = true });
        All.Add(new(name, async body =>
        {
            using var message = new HttpRequestMessage(HttpMethod.Post, target) { Content = new ReadOnlyMemoryContent(body), Version = version, VersionPolicy = HttpVersionPolicy.RequestVersionExact };
            message.Headers.TryAddWithoutValidation(WorkerProtocol.KeyHeader, Key);
            message.Headers.TryAddWithoutValidation(WorkerProtocol.RequestIdHeader, "0190f2a4-1111-7000-8000-000000000000");
            message.Content.Headers.TryAddWithoutValidation("Content-Type", "application/octet-stream");
            message.Content.Headers.TryAddWithoutValidation("Inference-Header-Content-Length", "170");
            using var response = await client.SendAsync(message, CancellationToken.None);
            var bytes = await response.Content.ReadAsByteArrayAsync();
            if (bytes.Length != EchoService.Answer.Length) throw new InvalidOperationException("The answer is not the echo's.");
        }));
    }

    private static async Task HandleAsync(HttpContext context)
    {
        var body = System.Buffers.ArrayPool<byte>.Shared.Rent((int)context.Request.ContentLength! + 1);
        for (int read, at = 0; (read = await context.Request.Body.ReadAsync(body.AsMemory(at))) > 0;) at += read;
        System.Buffers.ArrayPool<byte>.Shared.Return(body);
        var headers = context.Response.Headers;
        headers[WorkerProtocol.QueueMicrosecondsHeader] = 1.ToString(CultureInfo.InvariantCulture);
        headers[WorkerProtocol.ComputeMicrosecondsHeader] = 2.ToString(CultureInfo.InvariantCulture);
        headers[WorkerProtocol.BatchSizeHeader] = 1.ToString(CultureInfo.InvariantCulture);
        context.Response.ContentLength = EchoService.Answer.Length;
        await context.Response.BodyWriter.WriteAsync(EchoService.Answer);
    }
}
