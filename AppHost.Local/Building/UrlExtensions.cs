using Aspire.Hosting.ApplicationModel;

namespace Aspire.Hosting;

public static partial class ResourceBuilderExtensions
{
    public static IResourceBuilder<T> WithUrls<T>(this IResourceBuilder<T> builder, Action<ResourceUrlsCallbackContext> callback)
        where T : IResource =>
        builder.WithAnnotation(new ResourceUrlsCallbackAnnotation(context =>
        {
            callback(context);
            return Task.CompletedTask;
        }));

    /// <summary>Changes the address shown for an endpoint.</summary>
    public static IResourceBuilder<T> WithUrlForEndpoint<T>(
        this IResourceBuilder<T> builder, string endpointName, Action<ResourceUrlAnnotation> callback)
        where T : IResource =>
        builder.WithUrls(context =>
        {
            if (context.Urls.FirstOrDefault(url => url.Endpoint?.EndpointName == endpointName) is { } shown) callback(shown);
        });

    /// <summary>Shows one more address for an endpoint; a path alone is taken from the endpoint's own address.</summary>
    public static IResourceBuilder<T> WithUrlForEndpoint<T>(
        this IResourceBuilder<T> builder, string endpointName, Func<EndpointReference, ResourceUrlAnnotation> callback)
        where T : IResourceWithEndpoints =>
        builder.WithUrls(context =>
        {
            var endpoint = builder.GetEndpoint(endpointName);
            if (!endpoint.Exists) return;
            var shown = callback(endpoint);
            context.Urls.Add(new() { Url = shown.Url, DisplayText = shown.DisplayText, Endpoint = endpoint });
        });

    /// <summary>Leaves the resource out of everything that is published; it still runs.</summary>
    public static IResourceBuilder<T> ExcludeFromManifest<T>(this IResourceBuilder<T> builder) where T : IResource =>
        builder.WithAnnotation(ManifestPublishingCallbackAnnotation.Ignore);
}
