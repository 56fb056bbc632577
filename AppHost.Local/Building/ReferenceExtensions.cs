using Aspire.Hosting.ApplicationModel;

namespace Aspire.Hosting;

public static partial class ResourceBuilderExtensions
{
    /// <summary>Gives the connection string, and its parts one by one: REDIS_HOST, REDIS_PORT and so on.</summary>
    public static IResourceBuilder<TDestination> WithReference<TDestination>(
        this IResourceBuilder<TDestination> builder,
        IResourceBuilder<IResourceWithConnectionString> source,
        string? connectionName = null,
        bool optional = false)
        where TDestination : IResourceWithEnvironment
    {
        var resource = source.Resource;
        var name = connectionName ?? resource.Name;
        return builder.WithEnvironment(context =>
        {
            var variable = resource.ConnectionStringEnvironmentVariable ?? $"ConnectionStrings__{name}";
            context.EnvironmentVariables[variable] = new ConnectionStringReference(resource, optional);
            var prefix = name.Length == 0 ? "" : $"{ResourceName.ToVariable(name).ToUpperInvariant()}_";
            foreach (var (property, value) in resource.GetConnectionProperties())
                context.EnvironmentVariables[prefix + property.ToUpperInvariant()] = value;
        });
    }

    /// <summary>Gives the addresses of all endpoints, as service discovery reads them and as plain variables.</summary>
    public static IResourceBuilder<TDestination> WithReference<TDestination>(
        this IResourceBuilder<TDestination> builder, IResourceBuilder<IResourceWithServiceDiscovery> source)
        where TDestination : IResourceWithEnvironment =>
        builder.WithEndpointsOf(source.Resource, _ => true);

    public static IResourceBuilder<TDestination> WithReference<TDestination>(
        this IResourceBuilder<TDestination> builder, EndpointReference endpointReference)
        where TDestination : IResourceWithEnvironment =>
        builder.WithEndpointsOf(
            endpointReference.Resource, endpoint => ResourceName.Comparer.Equals(endpoint.EndpointName, endpointReference.EndpointName));

    private static IResourceBuilder<T> WithEndpointsOf<T>(
        this IResourceBuilder<T> builder, IResourceWithEndpoints source, Func<EndpointReference, bool> isWanted)
        where T : IResourceWithEnvironment =>
        builder.WithEnvironment(context =>
        {
            var prefix = ResourceName.ToVariable(source.Name).ToUpperInvariant();
            foreach (var endpoint in source.GetEndpoints().Where(isWanted))
            {
                context.EnvironmentVariables[$"{prefix}_{ResourceName.ToVariable(endpoint.EndpointName).ToUpperInvariant()}"] = endpoint;
                context.EnvironmentVariables[NextKey(context.EnvironmentVariables, source, endpoint)] = endpoint;
            }
        });

    /// <summary>By scheme, not by name: service discovery matches the scheme of the address it is asked for.</summary>
    private static string NextKey(Dictionary<string, object> variables, IResource source, EndpointReference endpoint)
    {
        for (var i = 0; ; i++)
        {
            var key = $"services__{source.Name}__{endpoint.Scheme}__{i}";
            if (!variables.ContainsKey(key)) return key;
        }
    }
}
