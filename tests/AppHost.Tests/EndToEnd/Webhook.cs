using System.Collections.Concurrent;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace Platform.AppHost.Tests.EndToEnd;

/// <summary>Takes every notification at once.</summary>
internal sealed class Webhook(WebApplication app) : IAsyncDisposable
{
    public ConcurrentQueue<(string Key, JsonElement Body)> Received { get; } = new();

    public string Url => app.Urls.Single() + "/hook";

    public static async Task<Webhook> StartAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.Logging.ClearProviders();
        var app = builder.Build();
        var webhook = new Webhook(app);
        app.MapPost("/hook", async (HttpRequest request) =>
            webhook.Received.Enqueue((request.Headers["Idempotency-Key"].Single()!, await request.ReadFromJsonAsync<JsonElement>())));
        await app.StartAsync();
        return webhook;
    }

    public ValueTask DisposeAsync() => app.DisposeAsync();
}
