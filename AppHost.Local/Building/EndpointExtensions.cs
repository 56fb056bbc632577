using System.Net.Sockets;
using Aspire.Hosting.ApplicationModel;

namespace Aspire.Hosting;

public static partial class ResourceBuilderExtensions
{
    public static IResourceBuilder<T> WithEndpoint<T>(
        this IResourceBuilder<T> builder,
        int? port = null,
        int? targetPort = null,
        string? scheme = null,
        string? name = null,
        string? env = null,
        bool isProxied = true,
        bool? isExternal = null,
        ProtocolType? protocol = null)
        where T : IResourceWithEndpoints
    {
        var endpoint = new EndpointAnnotation(
            protocol ?? ProtocolType.Tcp, scheme, transport: null, name, port, targetPort, isExternal, isProxied);
        if (builder.Find(endpoint.Name) is not null)
            throw new DistributedApplicationException(
                $"Endpoint with name '{endpoint.Name}' already exists on resource '{builder.Resource.Name}'. Give each endpoint a name of its own.");
        if (env is not null)
        {
            endpoint.TargetPortEnvironmentVariable = env;
            var reference = new EndpointReference(builder.Resource, endpoint);
            builder.WithAnnotation(new EnvironmentCallbackAnnotation(context =>
            {
                context.EnvironmentVariables[env] = reference.Property(EndpointProperty.TargetPort);
                return Task.CompletedTask;
            }));
        }

        return builder.WithAnnotation(endpoint);
    }

    public static IResourceBuilder<T> WithEndpoint<T>(
        this IResourceBuilder<T> builder, string endpointName, Action<EndpointAnnotation> callback, bool createIfNotExists = true)
        where T : IResourceWithEndpoints
    {
        if (builder.Find(endpointName) is { } known)
        {
            callback(known);
        }
        else if (createIfNotExists)
        {
            var endpoint = new EndpointAnnotation(ProtocolType.Tcp, name: endpointName);
            callback(endpoint);
            builder.WithAnnotation(endpoint);
        }

        return builder;
    }

    public static IResourceBuilder<T> WithHttpEndpoint<T>(
        this IResourceBuilder<T> builder, int? port = null, int? targetPort = null, string? name = null, string? env = null, bool? isProxied = null)
        where T : IResourceWithEndpoints =>
        builder.WithEndpoint(port, targetPort, "http", name, env, isProxied ?? true);

    /// <summary>Opens the http endpoints that the resource has so far; later ones stay internal.</summary>
    public static IResourceBuilder<T> WithExternalHttpEndpoints<T>(this IResourceBuilder<T> builder) where T : IResourceWithEndpoints
    {
        foreach (var endpoint in builder.Resource.EndpointAnnotations().Where(endpoint => endpoint.IsHttp)) endpoint.IsExternal = true;
        return builder;
    }

    public static EndpointReference GetEndpoint<T>(this IResourceBuilder<T> builder, string name) where T : IResourceWithEndpoints =>
        builder.Resource.GetEndpoint(name);

    private static EndpointAnnotation? Find<T>(this IResourceBuilder<T> builder, string name) where T : IResourceWithEndpoints =>
        builder.Resource.EndpointAnnotations().SingleOrDefault(endpoint => ResourceName.Comparer.Equals(endpoint.Name, name));
}
