using Aspire.Hosting.ApplicationModel;

namespace Aspire.Hosting;

public static class ContainerResourceBuilderExtensions
{
    /// <summary>Kept for AppHosts that say it; here a container is a process and lives as long as the AppHost.</summary>
    public static IResourceBuilder<T> WithLifetime<T>(this IResourceBuilder<T> builder, ContainerLifetime lifetime)
        where T : ContainerResource =>
        builder.WithAnnotation(new ContainerLifetimeAnnotation { Lifetime = lifetime }, ResourceAnnotationMutationBehavior.Replace);

    public static IResourceBuilder<T> WithVolume<T>(this IResourceBuilder<T> builder, string? name, string target, bool isReadOnly = false)
        where T : ContainerResource => builder.WithAnnotation(new ContainerMountAnnotation(name, target, isReadOnly));
}

public static class ExecutableResourceBuilderExtensions
{
    public static IResourceBuilder<ExecutableResource> AddExecutable(
        this IDistributedApplicationBuilder builder, string name, string command, string workingDirectory, params string[]? args)
    {
        var folder = Path.GetFullPath(Path.Combine(builder.AppHostDirectory, workingDirectory));
        return builder.AddResource(new ExecutableResource(name, command, folder)).WithArgs(args ?? []);
    }
}
