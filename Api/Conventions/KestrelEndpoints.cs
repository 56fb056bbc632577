namespace Platform.Api.Conventions;

internal static class KestrelEndpoints
{
    public const string ManagementUrls = "Management:Urls";

    /// <summary>
    /// Clear-text HTTP/1.1 and HTTP/2 cannot share a port, so gRPC has its own, <c>GRPC_PORT</c>, with the scheme of the
    /// first address. <c>Management:Urls</c> adds ports for <c>/v1</c> alone. Since one endpoint configured for Kestrel
    /// switches <c>ASPNETCORE_URLS</c> and <c>HTTP_PORTS</c> off, those are carried over.
    /// </summary>
    public static void AddPorts(this WebApplicationBuilder builder)
    {
        var grpcPort = builder.Configuration["GRPC_PORT"];
        var management = Split(builder.Configuration[ManagementUrls]);
        if (string.IsNullOrEmpty(grpcPort) && management.Length == 0) return;
        string[] urls = builder.Configuration["URLS"] is { } given
            ? Split(given)
            : [.. Split(builder.Configuration["HTTP_PORTS"] ?? "8080").Select(port => $"http://*:{port}")];
        var settings = urls.Select((url, i) => KeyValuePair.Create($"Kestrel:Endpoints:Http{i}:Url", (string?)url))
            .Concat(management.Select((url, i) => KeyValuePair.Create($"Kestrel:Endpoints:Management{i}:Url", (string?)url)));
        if (!string.IsNullOrEmpty(grpcPort))
        {
            var first = BindingAddress.Parse(urls[0]);
            settings = settings.Append(new("Kestrel:Endpoints:Grpc:Url", $"{first.Scheme}://{first.Host}:{grpcPort}"))
                .Append(new("Kestrel:Endpoints:Grpc:Protocols", "Http2"));
        }

        builder.Configuration.AddInMemoryCollection(settings);
        // Taken over above; left in place, Kestrel would warn at every start that it overrides them.
        builder.WebHost.UseUrls();
        builder.WebHost.UseSetting(WebHostDefaults.HttpPortsKey, "");
    }

    /// <summary>The ports that are for management alone; none when both surfaces share theirs.</summary>
    /// <exception cref="InvalidOperationException">A management address has no port of its own.</exception>
    public static IReadOnlySet<int> ManagementPorts(IConfiguration configuration) => Split(configuration[ManagementUrls])
        .Select(url => BindingAddress.Parse(url).Port is > 0 and var port
            ? port
            : throw new InvalidOperationException($"{ManagementUrls} has {url}: give each address a port, e.g. http://*:5090."))
        .ToHashSet();

    private static string[] Split(string? text) => text?.Split(';', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries) ?? [];
}
