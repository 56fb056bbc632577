using System.Net;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Platform.Core.Serving;
using Platform.SharedState.Frames;
using Platform.SharedState.Workers;

namespace Platform.Api.Tests;

/// <summary>A worker as the Api sees it: an address that answers as it is told. What comes as a frame is told as if it were HTTP.</summary>
internal sealed class FakeWorker : IFrameService, IAsyncDisposable
{
    private readonly Func<HttpContext, Task> answer;
    private readonly FrameListener listener;
    private readonly string key;

    private FakeWorker(Func<HttpContext, Task> answer, string key)
    {
        (this.answer, this.key) = (answer, key);
        listener = new FrameListener(new IPEndPoint(IPAddress.Loopback, 0), key, this, new(), TimeProvider.System);
    }

    public string Id { get; } = $"w-{Guid.NewGuid():n}";

    public int Calls;

    public List<(string Path, string Key, string Body, string ContentType)> Requests { get; } = [];

    public static Task<FakeWorker> StartAsync(Func<HttpContext, Task> answer, string key = InferencePathTests.InternalKey) =>
        Task.FromResult(new FakeWorker(answer, key));

    public WorkerLease Lease(params LoadedVersion[] versions) =>
        new(Id, new Uri("http://127.0.0.1:1"), "cpu", [.. versions], 0, 0, false, default, default, ((IPEndPoint)listener.Address).Port);

    /// <summary>Stops listening while its lease still stands, as after a kill.</summary>
    public ValueTask DieAsync() => listener.DisposeAsync();

    public ValueTask DisposeAsync() => listener.DisposeAsync();

    public IFrameCall Begin(FrameRequest request, int bodyBytes) => new Call(this, request, bodyBytes);

    private sealed class Call(FakeWorker worker, FrameRequest request, int bodyBytes) : IFrameCall
    {
        private readonly byte[] body = new byte[bodyBytes];

        public Memory<byte> Body => body;

        public async ValueTask AnswerAsync(FrameReply reply, CancellationToken gone)
        {
            Interlocked.Increment(ref worker.Calls);
            var path = WorkerProtocol.InferPath(request.Model, request.Version);
            lock (worker.Requests)
                worker.Requests.Add((path, worker.key, System.Text.Encoding.UTF8.GetString(body), request.ContentType ?? ""));
            using var written = new MemoryStream();
            var lifetime = new Lifetime { RequestAborted = gone };
            var context = new DefaultHttpContext();
            context.Features.Set<IHttpRequestLifetimeFeature>(lifetime);
            (context.Request.Path, context.Request.Body, context.Response.Body) = (path, new MemoryStream(body), written);
            context.Request.Headers[WorkerProtocol.RequestIdHeader] = request.RequestId;
            foreach (var header in request.Headers) context.Request.Headers[header.Name] = header.Value;
            await worker.answer(context);
            if (lifetime.IsAborted) return;
            await reply.AnswerAsync(
                new FrameAnswer
                {
                    Status = context.Response.StatusCode,
                    ContentType = context.Response.ContentType,
                    HeaderLength = int.TryParse(context.Response.Headers["Inference-Header-Content-Length"], System.Globalization.CultureInfo.InvariantCulture, out var length) ? length : null,
                    Headers = [.. context.Response.Headers.Where(header => header.Key is not "Content-Type").Select(header => new FrameHeader(header.Key, header.Value.ToString()))],
                },
                written.ToArray());
        }

        public void Dispose()
        {
        }
    }

    private sealed class Lifetime : IHttpRequestLifetimeFeature
    {
        public bool IsAborted { get; private set; }

        public CancellationToken RequestAborted { get; set; }

        public void Abort() => IsAborted = true;
    }
}
