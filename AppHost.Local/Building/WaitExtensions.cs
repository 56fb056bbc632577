using Aspire.Hosting.ApplicationModel;
using Aspire.Hosting.Running;

namespace Aspire.Hosting;

public static partial class ResourceBuilderExtensions
{
    public static IResourceBuilder<T> WaitFor<T>(this IResourceBuilder<T> builder, IResourceBuilder<IResource> dependency)
        where T : IResourceWithWaitSupport => builder.Wait(dependency, WaitType.WaitUntilHealthy, null);

    public static IResourceBuilder<T> WaitFor<T>(
        this IResourceBuilder<T> builder, IResourceBuilder<IResource> dependency, WaitBehavior waitBehavior)
        where T : IResourceWithWaitSupport => builder.Wait(dependency, WaitType.WaitUntilHealthy, waitBehavior);

    public static IResourceBuilder<T> WaitForStart<T>(this IResourceBuilder<T> builder, IResourceBuilder<IResource> dependency)
        where T : IResourceWithWaitSupport => builder.Wait(dependency, WaitType.WaitUntilStarted, null);

    public static IResourceBuilder<T> WaitForCompletion<T>(
        this IResourceBuilder<T> builder, IResourceBuilder<IResource> dependency, int exitCode = 0)
        where T : IResourceWithWaitSupport => builder.Wait(dependency, WaitType.WaitForCompletion, null, exitCode);

    public static IResourceBuilder<T> WithHttpHealthCheck<T>(
        this IResourceBuilder<T> builder, string? path = null, int? statusCode = null, string? endpointName = null)
        where T : IResourceWithEndpoints
    {
        var endpoints = builder.Resource.EndpointAnnotations();
        var endpoint = endpointName is null
            ? endpoints.FirstOrDefault(e => e.Name is "https") ?? endpoints.FirstOrDefault(e => e.Name is "http")
            : endpoints.FirstOrDefault(e => ResourceName.Comparer.Equals(e.Name, endpointName));
        if (endpoint is not { IsHttp: true })
            throw new DistributedApplicationException(
                $"Could not create HTTP health check for resource '{builder.Resource.Name}': it has no HTTP endpoint named '{endpointName ?? "http"}'.");
        var probe = new HttpProbe(endpoint, path ?? "/", statusCode ?? 200);
        return builder.WithAnnotation(
            new HealthCheckAnnotation($"{builder.Resource.Name}_{endpoint.Name}_{probe.Path}_{probe.StatusCode}_check", probe));
    }

    private static IResourceBuilder<T> Wait<T>(
        this IResourceBuilder<T> builder, IResourceBuilder<IResource> dependency, WaitType type, WaitBehavior? behavior, int exitCode = 0)
        where T : IResourceWithWaitSupport =>
        ReferenceEquals(builder.Resource, dependency.Resource)
            ? throw new DistributedApplicationException($"The '{builder.Resource.Name}' resource cannot wait for itself.")
            : builder.WithAnnotation(new WaitAnnotation(dependency.Resource, type, exitCode) { WaitBehavior = behavior });
}
