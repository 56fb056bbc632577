using System.Security.Claims;
using System.Text.Encodings.Web;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using Platform.Api.Audit;
using Platform.Api.Conventions;
using Platform.SharedState;

namespace Platform.Api.Tests.Audit;

/// <summary>A front door with the trail, a few routes and callers by the header X-Caller: "ann" may, "bob" may not.</summary>
internal sealed class TrailHost : IAsyncDisposable
{
    private readonly WebApplication app;

    private TrailHost(WebApplication app, FakeLog log) => (this.app, Log, Client) = (app, log, new HttpClient { BaseAddress = new Uri(app.Urls.Single()) });

    public FakeLog Log { get; }

    public HttpClient Client { get; }

    public int Handled { get; private set; }

    public Counts Counts => app.Services.GetRequiredService<Counts>();

    public static async Task<TrailHost> StartAsync(Action<TrailOptions>? configure = null)
    {
        var log = new FakeLog();
        var builder = WebApplication.CreateSlimBuilder();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.Logging.ClearProviders();
        builder.Services.AddProblemDetails().AddExceptionHandler<ExceptionMapping>();
        builder.Services.AddAuthentication("test").AddScheme<AuthenticationSchemeOptions, ByHeader>("test", null);
        builder.Services.AddAuthorizationBuilder().AddPolicy("ann", policy => policy.RequireUserName("ann"));
        builder.Services.AddSingleton(TimeProvider.System).AddSingleton(log.Cluster())
            .AddSingleton(new RedisHealth(null!, TimeProvider.System, NullLogger<RedisHealth>.Instance))
            .AddSingleton<AuditedRoutes>().AddSingleton<AuditWriter>().AddSingleton<ResourceDigests>().AddSingleton<Counts>()
            .AddSingleton(Options.Create(Configured(configure)));
        var app = builder.Build();
        TrailHost? host = null;
        app.UseAuditTrail().UseExceptionHandler();
        app.UseRouting().UseAuthentication().UseAuthorization().UseAuditIntents();
        var v1 = app.MapGroup("/v1/things").RequireAuthorization("ann");
        v1.MapGet("/{id}", (string id) => id);
        v1.MapPost("/", (Named thing) =>
        {
            host!.Handled++;
            return Results.Created($"/v1/things/{thing.Name}", thing);
        });
        v1.MapPut("/{id}/file", async (string id, HttpRequest request) =>
        {
            await request.Body.CopyToAsync(Stream.Null);
            return id;
        });
        v1.MapPost("/{id}/ask", (string id) => id).WithoutAudit("A question.");
        v1.MapPost("/{id}/break", (string id) => { throw new InvalidOperationException(id); });
        v1.MapPost("/{id}/recite", (string id, int length) => Results.Text(new string('x', length)));
        await app.StartAsync();
        return host = new TrailHost(app, log);
    }

    public Task<HttpResponseMessage> SendAsync(HttpMethod method, string path, HttpContent? content = null, string? caller = "ann")
    {
        var request = new HttpRequestMessage(method, path) { Content = content };
        if (caller is not null) request.Headers.Add("X-Caller", caller);
        return Client.SendAsync(request, TestContext.Current.CancellationToken);
    }

    public async ValueTask DisposeAsync()
    {
        Client.Dispose();
        await app.DisposeAsync();
    }

    private static TrailOptions Configured(Action<TrailOptions>? configure)
    {
        var options = new TrailOptions { WriteLimit = TimeSpan.FromSeconds(1) };
        configure?.Invoke(options);
        return options;
    }

    public sealed record Named(string Name);

    private sealed class ByHeader(IOptionsMonitor<AuthenticationSchemeOptions> options, ILoggerFactory loggers, UrlEncoder encoder)
        : AuthenticationHandler<AuthenticationSchemeOptions>(options, loggers, encoder)
    {
        protected override Task<AuthenticateResult> HandleAuthenticateAsync() => Task.FromResult(
            Request.Headers["X-Caller"] is [{ } name]
                ? AuthenticateResult.Success(new(new ClaimsPrincipal(new ClaimsIdentity([new(ClaimTypes.Name, name), new(ClaimTypes.NameIdentifier, $"key-of-{name}")], "test")), "test"))
                : AuthenticateResult.NoResult());
    }
}
