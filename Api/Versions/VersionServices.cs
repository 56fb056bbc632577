using Platform.SharedState;

namespace Platform.Api.Versions;

internal static class VersionServices
{
    public static IServiceCollection AddVersions(this IServiceCollection services) =>
        services.AddArtifactStore().AddSingleton<ArtifactInspector>();
}
