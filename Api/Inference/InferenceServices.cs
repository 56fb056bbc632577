using Platform.Api.Inference.Repository;
using Platform.Api.Inference.Statistics;
using Platform.SharedState;

namespace Platform.Api.Inference;

internal static class InferenceServices
{
    /// <summary>The V2 protocol, whichever way it comes.</summary>
    public static IServiceCollection AddInference(this IServiceCollection services) => services
        .AddStatisticsStore()
        .AddSingleton<ServedModels>().AddSingleton<PlatformStatistics>().AddSingleton<RepositoryIndex>().AddSingleton<RepositoryControl>();
}
