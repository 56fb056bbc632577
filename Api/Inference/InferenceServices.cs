using Platform.Api.Inference.Repository;
using Platform.Api.Inference.Statistics;
using Platform.SharedState;

namespace Platform.Api.Inference;

internal static class InferenceServices
{
    /// <summary>The V2 protocol, whichever way it comes.</summary>
    public static IServiceCollection AddInference(this IServiceCollection services)
    {
        services.AddOptions<CompatibilityOptions>().BindConfiguration(CompatibilityOptions.Section);
        return services
            .AddVersionNumbers()
            .AddSingleton<VersionAliases>().AddHostedService(provider => provider.GetRequiredService<VersionAliases>())
            .AddSingleton<ServedModels>().AddSingleton<PlatformStatistics>().AddSingleton<RepositoryIndex>().AddSingleton<RepositoryControl>();
    }
}
