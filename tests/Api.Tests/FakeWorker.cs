using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Platform.Core.Serving;
using Platform.SharedState.Workers;

namespace Platform.Api.Tests;

/// <summary>A worker as the Api sees it: an address that answers as it is told.</summary>
internal sealed class FakeWorker : IAsyncDisposable
{
    private readonly WebApplication app;

    private FakeWorker(WebApplication app) => this.app = app;

    public string Id { get; } = $"w-{Guid.NewGuid():n}";

    public int Calls;

    public List<(string Path, string Key, string Body, string ContentType)> Requests { get; } = [];

    public static async Task<FakeWorker> StartAsync(Func<HttpContext, Task> answer)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.WebHost.UseUrls("http://127.0.0.1:0").ConfigureKestrel(kestrel => kestrel.Limits.MaxRequestBodySize = null);
        builder.Logging.ClearProviders();
        var app = builder.Build();
        var worker = new FakeWorker(app);
        app.Run(async context =>
        {
            Interlocked.Increment(ref worker.Calls);
            using var reader = new StreamReader(context.Request.Body);
            var body = await reader.ReadToEndAsync();
            lock (worker.Requests)
            {
                worker.Requests.Add((
                    context.Request.Path, context.Request.Headers[WorkerProtocol.KeyHeader].ToString(), body, context.Request.ContentType ?? ""));
            }

            await answer(context);
        });
        await app.StartAsync();
        return worker;
    }

    public WorkerLease Lease(params LoadedVersion[] versions) =>
        new(Id, new Uri(app.Urls.Single()), "cpu", [.. versions], 0, 0, false, default, default);

    /// <summary>Stops listening while its lease still stands, as after a kill.</summary>
    public Task DieAsync() => app.StopAsync();

    public ValueTask DisposeAsync() => app.DisposeAsync();
}
