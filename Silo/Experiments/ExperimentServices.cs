using Platform.SharedState;

namespace Platform.Silo.Experiments;

internal static class ExperimentServices
{
    public static IServiceCollection AddExperiments(this IServiceCollection services) => services.AddExperimentStore();
}
