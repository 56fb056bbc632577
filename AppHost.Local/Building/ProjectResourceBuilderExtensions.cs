using Aspire.Hosting.ApplicationModel;
using Aspire.Hosting.Projects;

namespace Aspire.Hosting;

public static class ProjectResourceBuilderExtensions
{
    public static IResourceBuilder<ProjectResource> AddProject<TProject>(this IDistributedApplicationBuilder builder, string name)
        where TProject : IProjectMetadata, new() => builder.AddProject<TProject>(name, launchProfileName: null);

    public static IResourceBuilder<ProjectResource> AddProject<TProject>(
        this IDistributedApplicationBuilder builder, string name, string? launchProfileName)
        where TProject : IProjectMetadata, new()
    {
        var metadata = new TProject();
        var project = builder.AddResource(new ProjectResource(name)).WithAnnotation<IProjectMetadata>(metadata);
        var profile = LaunchProfiles.Choose(
            metadata.ProjectPath, launchProfileName, builder.Configuration["AppHost:DefaultLaunchProfileName"] ?? builder.Configuration["DOTNET_LAUNCH_PROFILE"]);
        return builder.ExecutionContext.IsRunMode
            ? project.WithRunDefaults(profile)
            : project.WithPublishDefaults(profile);
    }

    public static IResourceBuilder<ProjectResource> WithReplicas(this IResourceBuilder<ProjectResource> builder, int replicas)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(replicas);
        return builder.WithAnnotation(new ReplicaAnnotation(replicas));
    }
}
