using System.Collections.Concurrent;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Platform.Core.Alerts.Routing;

namespace Platform.Silo.Tests;

/// <param name="Key">The idempotency key that it came with.</param>
internal sealed record ReceivedNotification(string Body, string? Signature, string Key)
{
    public WebhookPayload Payload => WebhookPayload.Parse(Body);
}

/// <summary>Somebody's webhook.</summary>
internal sealed class AlertReceiver : IAsyncDisposable
{
    private readonly WebApplication app;
    private readonly ConcurrentQueue<ReceivedNotification> received = new();

    private AlertReceiver(WebApplication app) => this.app = app;

    /// <summary>What the next answers are; then 200 again.</summary>
    public ConcurrentQueue<int> Answers { get; } = new();

    public IReadOnlyCollection<ReceivedNotification> Received => received;

    public string Url => app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First() + "/hook/secret-path";

    public static async Task<AlertReceiver> StartAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.Logging.ClearProviders();
        var app = builder.Build();
        var receiver = new AlertReceiver(app);
        app.MapPost("/hook/secret-path", receiver.TakeAsync);
        await app.StartAsync();
        return receiver;
    }

    public ValueTask DisposeAsync() => app.DisposeAsync();

    private async Task TakeAsync(HttpContext context)
    {
        using var reader = new StreamReader(context.Request.Body);
        received.Enqueue(new(await reader.ReadToEndAsync(), context.Request.Headers["X-Signature-256"], context.Request.Headers["Idempotency-Key"]!));
        context.Response.StatusCode = Answers.TryDequeue(out var status) ? status : 200;
    }
}
