using Aspire.Hosting.ApplicationModel;
using Microsoft.Extensions.DependencyInjection;

namespace Aspire.Hosting.Testing;

public static class DistributedApplicationHostingTestingExtensions
{
    public static HttpClient CreateHttpClient(this DistributedApplication app, string resourceName, string? endpointName = default)
    {
        var client = app.Services.GetRequiredService<IHttpClientFactory>().CreateClient();
        client.BaseAddress = app.GetEndpoint(resourceName, endpointName);
        return client;
    }

    public static ValueTask<string?> GetConnectionStringAsync(
        this DistributedApplication app, string resourceName, CancellationToken cancellationToken = default) =>
        Resource(app, resourceName) is IResourceWithConnectionString resource
            ? resource.GetConnectionStringAsync(cancellationToken)
            : throw new ArgumentException($"Resource '{resourceName}' does not expose a connection string.", nameof(resourceName));

    /// <summary>The public address; without a name that of <c>http</c>, else of <c>https</c>.</summary>
    public static Uri GetEndpoint(this DistributedApplication app, string resourceName, string? endpointName = default)
    {
        if (Resource(app, resourceName) is not IResourceWithEndpoints resource)
            throw new ArgumentException($"Resource '{resourceName}' has no allocated endpoints.", nameof(resourceName));
        string[] names = string.IsNullOrEmpty(endpointName) ? ["http", "https"] : [endpointName];
        var endpoint = names.Select(resource.GetEndpoint).FirstOrDefault(reference => reference.IsAllocated)
            ?? throw new ArgumentException($"Endpoint '{endpointName}' for resource '{resourceName}' not found.", nameof(endpointName));
        return new Uri(endpoint.Url);
    }

    private static IResource Resource(DistributedApplication app, string name) =>
        app.Services.GetRequiredService<DistributedApplicationModel>().Resources.SingleOrDefault(resource => ResourceName.Comparer.Equals(resource.Name, name))
        ?? throw new ArgumentException($"Resource '{name}' not found.", nameof(name));
}
