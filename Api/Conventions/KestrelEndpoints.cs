namespace Platform.Api.Conventions;

internal static class KestrelEndpoints
{
    /// <summary>
    /// Clear-text HTTP/1.1 and HTTP/2 cannot share a port, so gRPC has its own: <c>GRPC_PORT</c>. Since one endpoint
    /// configured for Kestrel switches <c>ASPNETCORE_URLS</c> and <c>HTTP_PORTS</c> off, those are carried over.
    /// </summary>
    public static void AddGrpcPort(this WebApplicationBuilder builder)
    {
        if (builder.Configuration["GRPC_PORT"] is not { Length: > 0 } grpcPort) return;
        var urls = builder.Configuration["URLS"]?.Split(';', StringSplitOptions.RemoveEmptyEntries)
            ?? [.. (builder.Configuration["HTTP_PORTS"] ?? "8080").Split(';').Select(port => $"http://*:{port}")];
        var settings = urls.Select((url, i) => KeyValuePair.Create($"Kestrel:Endpoints:Http{i}:Url", (string?)url))
            .Append(new("Kestrel:Endpoints:Grpc:Url", $"http://{HostOf(urls[0])}:{grpcPort}"))
            .Append(new("Kestrel:Endpoints:Grpc:Protocols", "Http2"));
        builder.Configuration.AddInMemoryCollection(settings);
        // Taken over above; left in place, Kestrel would warn at every start that it overrides them.
        builder.WebHost.UseUrls();
        builder.WebHost.UseSetting(WebHostDefaults.HttpPortsKey, "");
    }

    private static string HostOf(string url) => BindingAddress.Parse(url).Host;
}
