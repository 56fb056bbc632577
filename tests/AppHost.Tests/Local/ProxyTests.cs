using System.Net;
using System.Net.Sockets;
using System.Text;

namespace AppHost.Tests.Local;

public sealed class ProxyTests : LocalTest
{
    [Fact]
    public async Task Proxy_SeveralReplicas_AreAskedInTurn()
    {
        await using var app = await StartAsync(replicas: 2);
        using var client = app.Running.CreateHttpClient("web");

        var answers = new List<string>();
        for (var i = 0; i < 6; i++) answers.Add(await client.GetStringAsync(new Uri("/pid", UriKind.Relative), Cancellation));

        Assert.Equal([3, 3], answers.GroupBy(pid => pid).Select(group => group.Count()));
    }

    [Fact]
    public async Task Proxy_Http11_KeepsProtocolAndHost()
    {
        await using var app = await StartAsync(replicas: 1);
        using var client = app.Running.CreateHttpClient("web");

        var seen = await client.GetStringAsync(new Uri("/request", UriKind.Relative), Cancellation);

        Assert.Equal($"HTTP/1.1 {client.BaseAddress!.Authority}", seen);
    }

    [Fact]
    public async Task Proxy_Http2WithoutTls_IsSpokenToTheReplica()
    {
        await using var app = await StartAsync(replicas: 2);
        using var client = app.Running.CreateHttpClient("web", "grpc");
        client.DefaultRequestVersion = HttpVersion.Version20;
        client.DefaultVersionPolicy = HttpVersionPolicy.RequestVersionExact;

        var seen = await client.GetStringAsync(new Uri("/request", UriKind.Relative), Cancellation);

        Assert.Equal($"HTTP/2 {client.BaseAddress!.Authority}", seen);
    }

    [Fact]
    public async Task Proxy_NothingRuns_Answers503WithRetryAfter()
    {
        var builder = LocalApp.CreateBuilder(Folder.Path);
        var never = builder.AddProject<Dummy>("never").WithHttpEndpoint().WithHttpHealthCheck("/health").WithEnvironment("HEALTHY_FOLDER", Folder.Path);
        builder.AddProject<Dummy>("web").WithHttpEndpoint().WaitFor(never);
        await using var app = await LocalApp.StartAsync(builder, Cancellation);
        using var client = app.Running.CreateHttpClient("web");

        using var answer = await client.GetAsync(new Uri("/pid", UriKind.Relative), Cancellation);

        Assert.Equal(HttpStatusCode.ServiceUnavailable, answer.StatusCode);
        Assert.Equal(TimeSpan.FromSeconds(1), answer.Headers.RetryAfter?.Delta);
    }

    [Theory]
    [InlineData("http", "1.1")]
    [InlineData("grpc", "2.0")]
    public async Task Proxy_UploadOf300Megabytes_StreamsThrough(string endpoint, string version)
    {
        await using var app = await StartAsync(replicas: 1);
        using var client = app.Running.CreateHttpClient("web", endpoint);
        client.DefaultRequestVersion = Version.Parse(version);
        client.DefaultVersionPolicy = HttpVersionPolicy.RequestVersionExact;
        var before = GC.GetTotalMemory(forceFullCollection: true);
        using var body = new StreamContent(new Zeros(300 * 1024 * 1024, out var largest));

        using var answer = await client.PostAsync(new Uri("/upload", UriKind.Relative), body, Cancellation);

        Assert.Equal("314572800", await answer.Content.ReadAsStringAsync(Cancellation));
        // Proxy and client are in this process; neither may hold more than a fraction of what went through.
        Assert.InRange(largest.Bytes - before, long.MinValue, 64 * 1024 * 1024);
    }

    [Fact]
    public async Task Proxy_LongBodyThatIsRefusedAtOnce_DoesNotWaitForIt()
    {
        await using var app = await StartAsync(replicas: 1);

        // Nothing of the body is ever sent, and the route takes no POST.
        await using var stream = await BeginAsync(app, "POST /request", 10L << 30);

        using var answer = new StreamReader(stream);
        Assert.StartsWith("HTTP/1.1 405", await answer.ReadLineAsync(Cancellation), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Proxy_SteadyButSlowSender_IsCutOffWith408()
    {
        await using var app = await StartAsync(replicas: 1);
        await using var stream = await BeginAsync(app, "POST /upload", 10_000);

        using var answer = new StreamReader(stream);
        var reading = answer.ReadLineAsync(Cancellation).AsTask();
        using var pace = new PeriodicTimer(TimeSpan.FromMilliseconds(100));
        while (!reading.IsCompleted)
        {
            await stream.WriteAsync("x"u8.ToArray(), Cancellation);
            await pace.WaitForNextTickAsync(Cancellation);
        }

        Assert.StartsWith("HTTP/1.1 408 ", await reading, StringComparison.Ordinal);
    }

    /// <summary>Sends the head of a request, on a connection whose body is the caller's to write.</summary>
    private async Task<NetworkStream> BeginAsync(LocalApp app, string request, long length)
    {
        using var client = app.Running.CreateHttpClient("web");
        var (host, port) = (client.BaseAddress!.Host, client.BaseAddress.Port);
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp);
        await socket.ConnectAsync(host, port, Cancellation);
        var stream = new NetworkStream(socket, ownsSocket: true);
        await stream.WriteAsync(Encoding.ASCII.GetBytes($"{request} HTTP/1.1\r\nHost: {host}:{port}\r\nContent-Length: {length}\r\n\r\n"), Cancellation);
        return stream;
    }

    private async Task<LocalApp> StartAsync(int replicas)
    {
        var builder = LocalApp.CreateBuilder(Folder.Path);
        builder.AddProject<Dummy>("web").WithHttpEndpoint().WithHttpEndpoint(name: "grpc", env: "GRPC_PORT").WithHttpHealthCheck("/health").WithReplicas(replicas);
        var app = await LocalApp.StartAsync(builder, Cancellation);
        var ready = new HashSet<string>();
        await app.States.WaitForResourceAsync("web", change => change.Snapshot.HealthStatus is Microsoft.Extensions.Diagnostics.HealthChecks.HealthStatus.Healthy && ready.Add(change.ResourceId) && ready.Count == replicas, Cancellation);
        return app;
    }

    private sealed class Watermark
    {
        public long Bytes { get; set; }
    }

    /// <summary>As many zeros as asked for, made as they are read, with a look at the heap now and then.</summary>
    private sealed class Zeros : Stream
    {
        private readonly Watermark largest = new();
        private long left;

        public Zeros(long length, out Watermark watermark)
        {
            left = length;
            watermark = largest;
        }

        public override bool CanRead => true;

        public override bool CanSeek => false;

        public override bool CanWrite => false;

        public override long Length => throw new NotSupportedException();

        public override long Position { get => throw new NotSupportedException(); set => throw new NotSupportedException(); }

        public override int Read(byte[] buffer, int offset, int count)
        {
            var read = (int)Math.Min(count, left);
            left -= read;
            if (left % (16 * 1024 * 1024) < read) largest.Bytes = Math.Max(largest.Bytes, GC.GetTotalMemory(forceFullCollection: true));
            Array.Clear(buffer, offset, read);
            return read;
        }

        public override void Flush() => throw new NotSupportedException();

        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

        public override void SetLength(long value) => throw new NotSupportedException();

        public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();
    }
}
