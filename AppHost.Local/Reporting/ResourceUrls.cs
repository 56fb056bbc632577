using Aspire.Hosting.ApplicationModel;

namespace Aspire.Hosting.Reporting;

/// <summary>The addresses shown for a resource: its endpoints, and what the AppHost makes of them.</summary>
internal static class ResourceUrls
{
    public static async Task<IReadOnlyList<UrlSnapshot>> FindAsync(IResource resource, DistributedApplicationExecutionContext execution)
    {
        if (resource is not IResourceWithEndpoints withEndpoints) return [];
        var urls = withEndpoints.GetEndpoints()
            .Select(endpoint => new ResourceUrlAnnotation { Url = endpoint.Url, Endpoint = endpoint })
            .ToList();
        var context = new ResourceUrlsCallbackContext(execution, resource, urls);
        foreach (var annotation in resource.Annotations.OfType<ResourceUrlsCallbackAnnotation>()) await annotation.Callback(context);
        return [.. urls.Select(url => new UrlSnapshot(url.Endpoint?.EndpointName, Absolute(url), IsInternal: url.Endpoint?.EndpointAnnotation.IsHttp is not true)
        {
            DisplayProperties = new(url.DisplayText ?? ""),
        })];
    }

    private static string Absolute(ResourceUrlAnnotation url) => url.Endpoint is { } endpoint && url.Url.StartsWith('/')
        ? endpoint.Url + url.Url
        : url.Url;
}
