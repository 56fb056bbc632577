// A process for the runner's tests to run. What it does is said in its environment.
using System.Globalization;
using Microsoft.AspNetCore.Server.Kestrel.Core;

if (Environment.GetEnvironmentVariable("EXIT_AT_ONCE") is { } code) return int.Parse(code, CultureInfo.InvariantCulture);

var builder = WebApplication.CreateBuilder(args);
builder.Logging.SetMinimumLevel(LogLevel.Warning);
builder.WebHost.ConfigureKestrel(kestrel =>
{
    kestrel.Limits.MaxRequestBodySize = null;
    // An address of its own makes Kestrel ignore ASPNETCORE_URLS, so both are named.
    if (Environment.GetEnvironmentVariable("GRPC_PORT") is not { } port) return;
    foreach (var url in Environment.GetEnvironmentVariable("ASPNETCORE_URLS")!.Split(';'))
        kestrel.ListenLocalhost(new Uri(url).Port);
    kestrel.ListenLocalhost(int.Parse(port, CultureInfo.InvariantCulture), listen => listen.Protocols = HttpProtocols.Http2);
});

var app = builder.Build();
// A test says by a file for each process when it is to be healthy.
var healthy = Environment.GetEnvironmentVariable("HEALTHY_FOLDER");
app.MapGet("/health", () => healthy is null || File.Exists(Path.Combine(healthy, $"{Environment.ProcessId}")) ? Results.Ok() : Results.StatusCode(503));
app.MapGet("/pid", () => Environment.ProcessId);
app.MapGet("/environment/{name}", (string name) => Environment.GetEnvironmentVariable(name) ?? "");
app.MapGet("/request", (HttpRequest request) => $"{request.Protocol} {request.Host}");
app.MapPost("/crash/{code}", (int code) => Environment.Exit(code));
app.MapPost("/upload", async (HttpRequest request) =>
{
    var buffer = new byte[64 * 1024];
    var total = 0L;
    while (await request.Body.ReadAsync(buffer) is > 0 and var read) total += read;
    return total;
});
if (Environment.GetEnvironmentVariable("STUBBORN") is not null)
    app.Lifetime.ApplicationStopping.Register(() => new Barrier(2).SignalAndWait());
await app.RunAsync();
return 0;
